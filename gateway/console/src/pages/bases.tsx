// The catalogue of legal bases, on a day; one basis with its limits, its times and what rests on it.
import { useQueries, useQuery } from '@tanstack/react-query';
import { useParams, useSearchParams } from 'react-router';
import { client, take, type Schemas } from '../api';
import { Badge, Code, Facts, Link, OutsideLink, Typed, type Tone } from '../parts/basic';
import { TextField } from '../parts/form';
import { Listing } from '../parts/listing';
import { Await, Page, Section } from '../parts/page';
import { Nothing, pageSize, Table, usePageNumber } from '../parts/table';
import { day } from '../words/format';
import { useSpoken, useWords } from '../words/words';

type State = Schemas['Grondslag']['stand'];
const tones: Record<State, Tone> = { 'van-kracht': 'success', ingetrokken: 'danger', 'buiten-werking': 'danger', aanstaand: 'warning', onbekend: 'inactive' };

function LawState({ state }: { state: State }) {
  const words = useWords();
  return <Badge tone={tones[state]}>{words.lawStates[state]}</Badge>;
}

function useBasesNow(ids: string[]) {
  const { language } = useSpoken();
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ['basis', id, '', language],
      queryFn: () => take(client.GET('/grondslagen/{id}', { params: { path: { id } } })),
      staleTime: Infinity,
    })),
  });
}

// What the conditions of these bases say, by `basis/condition`.
export function useConditions(ids: string[]): Map<string, string> {
  const asked = useBasesNow(ids);
  return new Map(asked.flatMap((each) => each.data?.voorwaarden ?? []).map((each) => [each.id, each.tekst]));
}

// Bases by their ids, with what each says now.
export function GroundList({ ids }: { ids: string[] }) {
  const words = useWords();
  const asked = useBasesNow(ids);
  if (ids.length === 0) return <p>{words.explained.noGrounds}</p>;
  return (
    <ul className="plain stack">
      {ids.map((id, index) => {
        const basis = asked[index]?.data;
        return (
          <li key={id}>
            {basis === undefined ? (
              <Code>{id}</Code>
            ) : (
              <>
                <p>
                  <Link to={`/grondslagen/${id}`}>
                    {words.bases.named(basis.wet, basis.artikel)}
                  </Link>{' '}
                  <LawState state={basis.stand} />
                </p>
                <p className="small">
                  {basis.waarvoor}
                </p>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}

export function Bases() {
  const { words, language } = useSpoken();
  const [query, setQuery] = useSearchParams();
  const page = usePageNumber();
  const on = query.get('op') ?? '';
  const list = useQuery({
    queryKey: ['bases', on, page, language],
    queryFn: () => take(client.GET('/grondslagen', { params: { query: { ...(on ? { op: on } : {}), pagina: page, aantal: pageSize } } })),
    placeholderData: (before) => before,
  });
  return (
    <Page title={words.nav.bases} lead={words.bases.lead}>
      <div className="stack">
        <div className="form-row">
          <TextField id="on" label={words.bases.on} help={words.bases.onHelp} type="date" value={on} change={(next) => setQuery(next ? { op: next } : {}, { replace: true })} />
        </div>
        <Listing asked={list} none={words.state.nothing}>
          {(rows) => (
            <Table
              caption={words.nav.bases}
              rows={rows}
              rowKey={({ id }) => id}
              columns={[
                {
                  name: words.bases.law,
                  cell: (each) => (
                    <Link to={`/grondslagen/${each.id}${on ? `?op=${on}` : ''}`} lang="nl">
                      {each.wet}
                    </Link>
                  ),
                },
                { name: words.bases.article, cell: (each) => <Typed>{each.artikel}</Typed> },
                { name: words.bases.what, cell: (each) => each.waarvoor },
                { name: words.bases.state, cell: (each) => <LawState state={each.stand} /> },
              ]}
            />
          )}
        </Listing>
      </div>
    </Page>
  );
}

export function Basis() {
  const { words, language } = useSpoken();
  const { id = '' } = useParams();
  const [query] = useSearchParams();
  const on = query.get('op') ?? '';
  const asked = useQuery({
    queryKey: ['basis', id, on, language],
    queryFn: () => take(client.GET('/grondslagen/{id}', { params: { path: { id }, query: on ? { op: on } : {} } })),
  });
  const basis = asked.data;
  return (
    <Page
      title={basis ? words.bases.named(basis.wet, basis.artikel) : id}
      crumbs={[['/grondslagen', words.nav.bases]]}
      meta={
        basis && (
          <>
            <LawState state={basis.stand} />
            <Code>{id}</Code>
            {on && <span>{words.bases.asOf(day(on, language))}</span>}
          </>
        )
      }
    >
      <Await asked={asked}>
        {(data) => (
          <>
            <Facts
              of={[
                [words.bases.what, data.waarvoor],
                [words.bases.data, data.gegevens && <span key="d" lang="en">{data.gegevens}</span>],
                [words.bases.limits, data.grenzen && <span key="l" lang="en">{data.grenzen}</span>],
                [words.bases.link, data.verwijzing && <OutsideLink href={data.verwijzing}>{data.verwijzing}</OutsideLink>],
                [words.bases.read, data.gelezen && day(data.gelezen, language)],
              ]}
            />
            <Section title={words.bases.times}>
              <Table
                caption={words.bases.times}
                rows={data.perioden}
                rowKey={({ van }) => van}
                columns={[
                  { name: words.bases.from, cell: ({ van }) => day(van, language) },
                  { name: words.bases.until, cell: ({ tot }) => (tot ? day(tot, language) : words.bases.noEnd) },
                  { name: words.bases.state, cell: ({ stand }) => <LawState state={stand} /> },
                ]}
              />
            </Section>
            <Section title={words.bases.rests}>
              {data.doelen.length === 0 ? (
                <Nothing>{words.bases.restsNone}</Nothing>
              ) : (
                <ul className="dots">
                  {data.doelen.map((each) => (
                    <li key={each.id}>
                      <Link to={`/doelen/${each.id}`}>
                        <Typed>{each.titel}</Typed>
                      </Link>
                    </li>
                  ))}
                </ul>
              )}
            </Section>
          </>
        )}
      </Await>
    </Page>
  );
}
