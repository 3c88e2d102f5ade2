// Purposes of the organisation, by state.
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
import { useWordsOfLaw } from './proposal';

type State = Schemas['Doel']['toestand'];
const tones: Record<State, Tone> = {
  concept: 'inactive',
  ingediend: 'warning',
  'in-werking': 'success',
  afgewezen: 'danger',
  geschorst: 'danger',
  ingetrokken: 'inactive',
};

export function PurposeState({ state }: { state: State }) {
  const words = useWords();
  return <Badge tone={tones[state]}>{words.purposeStates[state]}</Badge>;
}

export function Purposes() {
  const { words, language } = useSpoken();
  const may = useMay();
  const lawWords = useWordsOfLaw();
  const [query, setQuery] = useSearchParams();
  const page = usePageNumber();
  const state = query.get('toestand') ?? '';
  const list = useQuery({
    queryKey: ['purposes', state, page, language],
    queryFn: () => take(client.GET('/doelen', { params: { query: { ...(state ? { toestand: state } : {}), pagina: page, aantal: pageSize } } })),
  });
  return (
    <Page
      title={words.nav.purposes}
      lead={words.purposes.lead}
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
            label={words.purposes.state}
            value={state}
            change={(next) => setQuery(next ? { toestand: next } : {}, { replace: true })}
            options={[['', words.decisions.every], ...(Object.entries(words.purposeStates) as [string, string][])]}
          />
        </div>
        <Listing asked={list} none={words.purposes.none}>
          {(rows) => (
            <Table
              caption={words.nav.purposes}
              rows={rows}
              rowKey={({ id }) => id}
              columns={[
                {
                  name: words.purposes.purpose,
                  cell: (each) => (
                    <Link to={`/doelen/${each.id}`}>{language === 'en' && each.titelEngels ? each.titelEngels : <Typed>{each.titel}</Typed>}</Link>
                  ),
                },
                { name: words.purpose.goal, cell: (each) => lawWords.goal(each.taak) },
                { name: words.purposes.bases, cell: (each) => String(each.grondslagen.length), number: true },
                { name: words.purposes.state, cell: (each) => <PurposeState state={each.toestand} /> },
                { name: words.purposes.review, cell: (each) => (each.herbeoordelingVoor ? day(each.herbeoordelingVoor, language) : words.purposes.noReview) },
              ]}
            />
          )}
        </Listing>
      </div>
    </Page>
  );
}
