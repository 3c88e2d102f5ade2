// Tables that become cards on a small screen, and the way through their pages.
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { number } from '../words/format';
import { useSpoken, useWords } from '../words/words';
import { Button } from './basic';

export interface Column<Row> {
  name: string;
  cell: (row: Row) => ReactNode;
  number?: boolean;
  bare?: boolean; // says itself what it is: no name before it on a card
}

// The first column names the row.
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  marked,
}: {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  marked?: (row: Row) => boolean;
}) {
  const [first, ...others] = columns;
  return (
    <table className="utrecht-table cards" role="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead className="utrecht-table__header" role="rowgroup">
        <tr className="utrecht-table__row" role="row">
          {columns.map((column) => (
            <th
              key={column.name}
              scope="col"
              role="columnheader"
              className={`utrecht-table__header-cell ${column.number ? 'number' : ''}`}
            >
              {column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="utrecht-table__body" role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} className={`utrecht-table__row ${marked?.(row) ? 'marked' : ''}`} role="row">
            <th scope="row" role="rowheader" className="utrecht-table__cell">
              {first?.cell(row)}
            </th>
            {others.map((column) => (
              <td
                key={column.name}
                role="cell"
                data-label={column.bare ? undefined : column.name}
                className={`utrecht-table__cell ${column.number ? 'number' : ''}`}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export const pageSize = 50;

// Which page the address asks for.
export function usePageNumber(): number {
  const [query] = useSearchParams();
  return Math.max(1, Number(query.get('pagina')) || 1);
}

export function Pages({ total }: { total: number }) {
  const { words, language } = useSpoken();
  const [query, setQuery] = useSearchParams();
  const page = usePageNumber();
  const last = Math.max(1, Math.ceil(total / pageSize));
  const go = (next: number) =>
    setQuery((old) => {
      const changed = new URLSearchParams(old);
      if (next === 1) changed.delete('pagina');
      else changed.set('pagina', String(next));
      return changed;
    });
  const from = total === 0 ? 0 : (page - 1) * pageSize + 1;
  const until = Math.min(total, page * pageSize);
  return (
    <nav className="buttons section" aria-label={words.table.pages}>
      <span>{words.table.shown(number(from, language), number(until, language), number(total, language))}</span>
      {page > 1 && <Button onClick={() => go(page - 1)}>{words.table.previous}</Button>}
      {page < last && <Button onClick={() => go(page + 1)}>{words.table.next}</Button>}
      {query.get('pagina') !== null && page > last && <Button onClick={() => go(1)}>{words.table.first}</Button>}
    </nav>
  );
}

export function Nothing({ children }: { children: ReactNode }) {
  const words = useWords();
  return <p className="subtle">{children ?? words.state.nothing}</p>;
}
