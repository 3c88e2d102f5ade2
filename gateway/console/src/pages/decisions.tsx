// All decisions, filtered by what the address says.
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { client, take } from '../api';
import { DecisionTable, OpenedDecision } from '../parts/decision_list';
import { ExportButton } from '../parts/export';
import { Select } from '../parts/form';
import { Listing } from '../parts/listing';
import { Page } from '../parts/page';
import { pageSize, usePageNumber } from '../parts/table';
import { useWords } from '../words/words';
import { Chips, useFilters } from './refused';

export function Decisions() {
  const words = useWords();
  const [query, setQuery] = useSearchParams();
  const [filters, change] = useFilters();
  const page = usePageNumber();
  const verdict = query.get('oordeel') ?? '';
  const asked = Object.fromEntries(Object.entries({ ...filters, oordeel: verdict }).filter(([, value]) => value !== ''));
  const list = useQuery({
    queryKey: ['decisions', asked, page],
    queryFn: () => take(client.GET('/besluiten', { params: { query: { ...asked, pagina: page, aantal: pageSize } } })),
    placeholderData: (before) => before,
  });
  const choose = (next: string) =>
    setQuery(
      (old) => {
        const changed = new URLSearchParams(old);
        changed.delete('pagina');
        if (next) changed.set('oordeel', next);
        else changed.delete('oordeel');
        return changed;
      },
      { replace: true },
    );
  return (
    <Page title={words.nav.decisions} lead={words.decisions.lead} actions={<ExportButton asked={asked} />}>
      <div className="stack">
        <div className="form-row">
          <Select
            id="verdict"
            label={words.decisions.verdict}
            value={verdict}
            change={choose}
            options={[
              ['', words.decisions.every],
              ['toegestaan', words.verdicts.toegestaan],
              ['geminimaliseerd', words.verdicts.geminimaliseerd],
              ['geblokkeerd', words.verdicts.geblokkeerd],
            ]}
          />
        </div>
        <Chips filters={filters} change={change} />
        <Listing asked={list} none={words.decisions.none}>
          {(rows) => <DecisionTable caption={words.nav.decisions} rows={rows} />}
        </Listing>
      </div>
      <OpenedDecision />
    </Page>
  );
}
