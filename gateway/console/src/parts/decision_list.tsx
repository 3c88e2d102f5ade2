// A list of decisions, and the drawer with the explanation of the one that was opened.
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useQuery } from '@tanstack/react-query';
import { client, take, type Schemas } from '../api';
import { DecisionBody, titleOf, useDecision } from '../pages/decision';
import { shortDay, time } from '../words/format';
import { useSpoken, useWords } from '../words/words';
import { Button, Code, Link } from './basic';
import { Drawer } from './drawer';
import { Verdict } from './explanation';
import { Await } from './page';
import { Table } from './table';

export type Decided = Schemas['Besluit'];

// What each code says in a few words.
export function useReasonNames(): Map<string, Schemas['RedenKort']> {
  const { language } = useSpoken();
  const reasons = useQuery({
    queryKey: ['reasons', language],
    queryFn: () => take(client.GET('/redenen', { params: { query: { aantal: 100 } } })),
    staleTime: Infinity,
  });
  return new Map(reasons.data?.resultaten.map((each) => [each.code, each]));
}

export function DecisionTable({ caption, rows }: { caption: string; rows: Decided[] }) {
  const { words, language } = useSpoken();
  const reasons = useReasonNames();
  const [, setQuery] = useSearchParams();
  const open = (id: string) =>
    setQuery((old) => {
      const next = new URLSearchParams(old);
      next.set('uitleg', id);
      return next;
    });
  const reasonOf = (each: Decided): ReactNode => {
    const [first, ...others] = each.codes;
    if (first === undefined) return <Verdict of={each} />;
    return (
      <>
        <strong>{reasons.get(first)?.kort ?? first}</strong> <Code>{first}</Code>
        <br />
        <Verdict of={each} /> {others.length > 0 && <span className="subtle small">{words.decisions.others(others.length)}</span>}
      </>
    );
  };
  return (
    <Table
      caption={caption}
      rows={rows}
      rowKey={(each) => each.id}
      columns={[
        {
          name: words.decisions.time,
          cell: (each) => (
            <>
              {time(each.op, language)}
              <br />
              <span className="subtle small">{shortDay(each.op, language)}</span>
            </>
          ),
        },
        { name: words.decisions.reason, cell: reasonOf },
        {
          name: words.decisions.exchange,
          cell: (each) => (
            <>
              {each.vragerNaam || each.vrager || words.decisions.unknown} → {each.aanbiederNaam || each.aanbieder || words.decisions.unknown}
              <br />
              <span className="subtle small">{each.dienstTitel || each.dienst}</span>
            </>
          ),
        },
        {
          name: words.decisions.purpose,
          cell: (each) => (each.doelTitel ? <Link to={`/doelen/${each.doel}`}>{each.doelTitel}</Link> : each.doel || words.decision.noPurpose),
        },
        {
          name: words.decisions.explain,
          bare: true,
          cell: (each) => (
            <Button kind="subtle" aria-haspopup="dialog" onClick={() => open(each.id)}>
              {words.decisions.explain}
              <span className="visually-hidden"> {each.id}</span>
            </Button>
          ),
        },
      ]}
    />
  );
}

function Opened({ id, close }: { id: string; close: () => void }) {
  const words = useWords();
  const asked = useDecision(id);
  return (
    <Drawer title={asked.data ? titleOf(words, asked.data.oordeel) : words.decision.title} under={<Link to={`/besluiten/${id}`}>{id}</Link>} close={close}>
      <Await asked={asked}>{(data) => <DecisionBody of={data} />}</Await>
    </Drawer>
  );
}

// In the address, so that Back closes it and a colleague can be sent to it.
export function OpenedDecision() {
  const [query, setQuery] = useSearchParams();
  const id = query.get('uitleg');
  if (id === null) return null;
  return (
    <Opened
      key={id}
      id={id}
      close={() =>
        setQuery((old) => {
          const next = new URLSearchParams(old);
          next.delete('uitleg');
          return next;
        })
      }
    />
  );
}
