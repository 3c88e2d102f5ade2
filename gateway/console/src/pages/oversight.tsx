// How the gate is, and who did what: for operations, the FG, auditors and the administrator.
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { byItself, client, take, type Schemas } from '../api';
import { Alert, Code, Facts, Link, Typed } from '../parts/basic';
import { Select } from '../parts/form';
import { Listing } from '../parts/listing';
import { Await, Page, Section } from '../parts/page';
import { pageSize, Table, usePageNumber } from '../parts/table';
import { moment, number } from '../words/format';
import { useSpoken } from '../words/words';

const fewDays = 14; // then a certificate or list asks attention; the gate's own log warns at the same number

export function Node() {
  const { words, language } = useSpoken();
  const asked = useQuery({
    queryKey: ['node', language],
    queryFn: () => take(client.GET('/knooppunt', { headers: byItself })),
    refetchInterval: 10_000,
  });
  const when = (text: string | null) => (text === null ? words.node.never : moment(text, language));
  return (
    <Page title={words.nav.node} lead={words.node.lead}>
      <Await asked={asked}>
        {(node) => {
          const few = [
            ...(node.certificaatDagen < fewDays ? [words.node.certificateEnds(node.certificaatDagen)] : []),
            ...(node.intrekkingslijstDagen < fewDays ? [words.node.revocationsEnd(node.intrekkingslijstDagen)] : []),
          ];
          return (
            <div className="stack">
              <div role="status">
                {asked.error ? null : node.gereed ? (
                  <Alert kind="ok" title={words.node.ready} />
                ) : (
                  <Alert kind="error" title={words.node.notReady}>
                    <p>{node.waarom}</p>
                  </Alert>
                )}
              </div>
              {few.map((each) => (
                <Alert key={each} kind="warning" title={each}>
                  <p>{words.node.renew}</p>
                </Alert>
              ))}
              <Section title={words.node.gate}>
                <Facts
                  of={[
                    [words.node.name, node.naam],
                    [words.about.version, node.versie],
                    [words.node.registers, words.node.registersRead(number(node.registerversie, language), when(node.registersGelezenOp))],
                    [words.node.reloads, number(node.herlaadfouten, language)],
                    [words.node.providers, number(node.aanbiederfouten, language)],
                    [words.node.certificate, words.node.days(node.certificaatDagen)],
                    [words.node.revocations, words.node.days(node.intrekkingslijstDagen)],
                  ]}
                />
              </Section>
              <Section title={words.node.ledger}>
                <Facts
                  of={[
                    [words.node.records, number(node.logboekregels, language)],
                    [
                      words.node.witnesses,
                      node.getuigen === null
                        ? words.node.none
                        : words.node.witnessed(number(node.getuigen.totRegel, language), when(node.getuigen.op), node.getuigen.fouten),
                    ],
                    [words.node.timestamps, node.tijdstempel === null ? words.node.none : words.node.stamped(when(node.tijdstempel.op), node.tijdstempel.fouten)],
                    [words.node.exports, words.node.behind(number(node.exporterAchter, language), node.exportfouten)],
                  ]}
                />
              </Section>
            </div>
          );
        }}
      </Await>
    </Page>
  );
}

type Kind = Schemas['Gebeurtenis']['soort'];

export function Log() {
  const { words, language } = useSpoken();
  const page = usePageNumber();
  const [query, setQuery] = useSearchParams();
  const kind = query.get('soort') ?? '';
  const list = useQuery({
    queryKey: ['log', kind, page],
    queryFn: () => take(client.GET('/gebeurtenissen', { params: { query: { ...(kind ? { soort: kind as Kind } : {}), pagina: page, aantal: pageSize } } })),
    placeholderData: (before) => before,
  });
  const what = (each: Schemas['Gebeurtenis']) =>
    each.soort === 'voorstel'
      ? (words.steps[each.wat as keyof typeof words.steps] ?? each.wat)
      : (words.log.what[each.wat as keyof typeof words.log.what] ?? each.wat);
  // A register entry by what it is; an account by its name.
  const about = (each: Schemas['Gebeurtenis']) => {
    if (each.soort === 'account') return each.over;
    const [first = '', ...id] = each.over.split(' ');
    return id.length === 0 ? (
      <Link to={`/voorstellen/${first}`}>{first}</Link>
    ) : (
      <>
        {words.entryKinds[first as keyof typeof words.entryKinds] ?? first} <Code>{id.join(' ')}</Code>
      </>
    );
  };
  return (
    <Page title={words.nav.log} lead={words.log.lead}>
      <div className="stack">
        <div className="form-row">
          <Select
            id="kind"
            label={words.log.kind}
            value={kind}
            change={(next) => setQuery(next ? { soort: next } : {}, { replace: true })}
            options={[['', words.decisions.every], ...(Object.entries(words.log.kinds) as [string, string][])]}
          />
        </div>
        <Listing asked={list} none={words.state.nothing}>
          {(rows) => (
            <Table
              caption={words.nav.log}
              rows={rows}
              rowKey={(each) => String(rows.indexOf(each))}
              columns={[
                { name: words.log.when, cell: (each) => moment(each.op, language) },
                { name: words.log.who, cell: (each) => each.wie },
                { name: words.log.did, cell: what },
                { name: words.log.about, cell: (each) => <span className="long">{about(each)}</span> },
                { name: words.log.why, cell: (each) => <Typed>{each.waarom}</Typed> },
              ]}
            />
          )}
        </Listing>
      </div>
    </Page>
  );
}
