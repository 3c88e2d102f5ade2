// What the filters show, as a file for a spreadsheet: the newest of them, with the question in its first line.
import { useState } from 'react';
import { client, take, type Schemas } from '../api';
import { useWords } from '../words/words';
import { Button } from './basic';
import { Failure } from './page';

type Decided = Schemas['Besluit'];
const perPage = 100; // the API's most
const rowsMost = 2000;

// A spreadsheet takes a text that begins like a formula for one.
const field = (value: string) => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replace(/"/g, '""')}"`;

export function csvOf(question: string, rows: Decided[]): string {
  const names = ['id', 'op', 'oordeel', 'soort', 'codes', 'vrager', 'vragerNaam', 'namens', 'aanbieder', 'aanbiederNaam', 'dienst', 'bewerking', 'doel'] as const;
  const lines = rows.map((row) => names.map((name) => field(name === 'codes' ? row.codes.join(' ') : row[name])).join(';'));
  return `\uFEFF# ${question}\r\n${names.join(';')}\r\n${lines.join('\r\n')}\r\n`;
}

export function ExportButton({ asked }: { asked: Record<string, string> }) {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const rows: Decided[] = [];
      for (let page = 1; rows.length < rowsMost; ++page) {
        const { totaal, resultaten } = await take(client.GET('/besluiten', { params: { query: { ...asked, pagina: page, aantal: perPage } } }));
        rows.push(...resultaten);
        if (resultaten.length === 0 || rows.length >= totaal) break;
      }
      const question = `GET /beheer/v1/besluiten?${new URLSearchParams(asked).toString()} (${new Date().toISOString()}, ${rows.length})`;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([csvOf(question, rows)], { type: 'text/csv' }));
      link.download = `besluiten-${new Date().toISOString().slice(0, 10)}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button onClick={() => void save()} disabled={busy}>
        {words.decisions.save}
      </Button>
      {error !== null && <Failure error={error} />}
    </>
  );
}
