// Proposals: those that wait for this person, longest first, and all of the organisation.
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { client, take, type Schemas } from '../api';
import { Badge, ButtonLink, Link, Typed, type Tone } from '../parts/basic';
import { Select } from '../parts/form';
import { Listing } from '../parts/listing';
import { Page } from '../parts/page';
import { pageSize, Table, usePageNumber } from '../parts/table';
import { useMay } from '../session';
import { day } from '../words/format';
import { useSpoken, useWords } from '../words/words';

type Row = Schemas['VoorstelKort'];
export type ProposalState = Row['toestand'];

const tones: Record<ProposalState, Tone> = {
  concept: 'inactive',
  ingediend: 'warning',
  geadviseerd: 'warning',
  afgeraden: 'danger',
  'in-werking': 'success',
  ingetrokken: 'inactive',
};

export function StateBadge({ state }: { state: ProposalState }) {
  const words = useWords();
  return <Badge tone={tones[state]}>{words.proposalStates[state]}</Badge>;
}

function Titles({ of }: { of: Row }) {
  const words = useWords();
  return (
    <Link to={`/voorstellen/${of.id}`}>
      {of.doelen.length === 0 ? words.queue.linkageOnly(of.id) : <Typed>{of.doelen.map(({ titel }) => titel).join(', ')}</Typed>}
    </Link>
  );
}

function ProposalTable({ caption, rows }: { caption: string; rows: Row[] }) {
  const { words, language } = useSpoken();
  return (
    <Table
      caption={caption}
      rows={rows}
      rowKey={({ id }) => id}
      columns={[
        { name: words.queue.purpose, cell: (each) => <Titles of={each} /> },
        { name: words.queue.by, cell: (each) => each.van },
        {
          name: words.queue.since,
          cell: (each) => day(each.geadviseerdOp ?? each.ingediendOp ?? each.gemaaktOp ?? '', language),
        },
        { name: words.queue.change, cell: (each) => (each.doelen.some(({ nieuw }) => nieuw) ? words.queue.fresh : words.queue.changed) },
        { name: words.queue.state, cell: (each) => <StateBadge state={each.toestand} /> },
      ]}
    />
  );
}

export function Queue() {
  const { words, language } = useSpoken();
  const may = useMay();
  const page = usePageNumber();
  const state = may('adviseren') ? 'ingediend' : 'geadviseerd';
  const list = useQuery({
    queryKey: ['proposals', state, page, language],
    queryFn: () => take(client.GET('/voorstellen', { params: { query: { toestand: state, pagina: page, aantal: pageSize } } })),
  });
  const since = (each: Row) => each.geadviseerdOp ?? each.ingediendOp ?? '';
  return (
    <Page title={words.nav.queue} lead={may('adviseren') ? words.queue.leadAdvise : words.queue.leadSign}>
      <Listing asked={list} none={words.queue.empty}>
        {(rows) => <ProposalTable caption={words.nav.queue} rows={[...rows].sort((a, b) => since(a).localeCompare(since(b)))} />}
      </Listing>
    </Page>
  );
}

export function Proposals() {
  const { words, language } = useSpoken();
  const may = useMay();
  const page = usePageNumber();
  const [query, setQuery] = useSearchParams();
  const state = query.get('toestand') ?? '';
  const list = useQuery({
    queryKey: ['proposals', 'all', state, page, language],
    queryFn: () =>
      take(client.GET('/voorstellen', { params: { query: { ...(state ? { toestand: state as ProposalState } : {}), pagina: page, aantal: pageSize } } })),
  });
  return (
    <Page
      title={words.nav.proposals}
      lead={words.queue.leadAll}
      actions={
        may('voorstel-schrijven') && (
          <ButtonLink to="/doel-aanmelden" kind="primary">
            {words.declare.title}
          </ButtonLink>
        )
      }
    >
      <div className="stack">
        <div className="form-row">
          <Select
            id="state"
            label={words.queue.state}
            value={state}
            change={(next) => setQuery(next ? { toestand: next } : {}, { replace: true })}
            options={[['', words.decisions.every], ...(Object.entries(words.proposalStates) as [string, string][])]}
          />
        </div>
        <Listing asked={list} none={words.queue.none}>
          {(rows) => <ProposalTable caption={words.nav.proposals} rows={rows} />}
        </Listing>
      </div>
    </Page>
  );
}
