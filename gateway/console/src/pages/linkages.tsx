// What may flow, from which source to which purpose, on a day: a picture, a table, and the linkages that were approved.
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { client, take } from '../api';
import { Badge, Code, Facts, Heading, Link, Typed } from '../parts/basic';
import { Flow } from '../parts/flow';
import { Select, TextField } from '../parts/form';
import { Await, Page, Section } from '../parts/page';
import { Nothing, Table } from '../parts/table';
import { number } from '../words/format';
import { useSpoken } from '../words/words';
import { useReasonNames } from '../parts/decision_list';

const drawnMost = 100; // more is no picture; a purpose or a day narrows it

export function Linkages() {
  const { words, language } = useSpoken();
  const reasons = useReasonNames();
  const [query, setQuery] = useSearchParams();
  const on = query.get('op') ?? '';
  const purpose = query.get('doel') ?? '';
  const set = (name: string, value: string) =>
    setQuery(
      (old) => {
        const next = new URLSearchParams(old);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const asked = useQuery({
    queryKey: ['linkages', on, language],
    queryFn: () => take(client.GET('/koppelingen', { params: { query: on ? { op: on } : {} } })),
    placeholderData: (before) => before,
  });
  return (
    <Page title={words.nav.linkages} lead={words.linkages.lead}>
      <Await asked={asked}>
        {({ totaal, stromen, koppelingen }) => {
          const purposes = [...new Map(stromen.map((each) => [each.doel, each.doelTitel]))];
          const fitting = stromen.filter((each) => purpose === '' || each.doel === purpose);
          const shown = fitting.slice(0, drawnMost);
          const whole = purpose === '' ? totaal : fitting.length;
          return (
            <>
              <div className="form-row">
                <Select id="purpose" label={words.linkages.purpose} value={purpose} change={(next) => set('doel', next)} options={[['', words.decisions.every], ...purposes]} />
                <TextField id="on" label={words.bases.on} help={words.bases.onHelp} type="date" value={on} change={(next) => set('op', next)} />
              </div>
              <Section title={words.linkages.picture}>
                {shown.length === 0 ? (
                  <Nothing>{words.linkages.none}</Nothing>
                ) : (
                  <>
                    {whole > shown.length && <p className="subtle">{words.linkages.cut(number(shown.length, language), number(whole, language))}</p>}
                    <Flow
                      title={words.linkages.picture}
                      flows={shown.map((each) => ({ from: each.dienstTitel, to: each.doelTitel, count: each.gegevens, open: each.oordeel !== 'geblokkeerd' }))}
                    />
                    <ul className="legend">
                      <li>
                        <svg viewBox="0 0 10 10" aria-hidden="true">
                          <rect className="fill-ontbreekt" width="10" height="10" />
                        </svg>
                        {words.linkages.flows}
                      </li>
                      <li>
                        <svg viewBox="0 0 10 10" aria-hidden="true">
                          <rect className="fill-verboden" width="10" height="10" />
                        </svg>
                        {words.linkages.stopped}
                      </li>
                    </ul>
                  </>
                )}
              </Section>
              {shown.length > 0 && (
                <Section title={words.linkages.each}>
                  <Table
                    caption={words.linkages.each}
                    rows={shown}
                    rowKey={(each) => each.doel + each.dienst}
                    columns={[
                      {
                        name: words.linkages.purpose,
                        cell: (each) => (
                          <Link to={`/doelen/${each.doel}`}>
                            <Typed>{each.doelTitel}</Typed>
                          </Link>
                        ),
                      },
                      {
                        name: words.linkages.source,
                        cell: (each) => (
                          <>
                            {each.dienstTitel}
                            <br />
                            <span className="subtle small">{each.aanbiederNaam}</span>
                          </>
                        ),
                      },
                      { name: words.linkages.elements, cell: (each) => number(each.gegevens, language), number: true },
                      {
                        name: words.linkages.open,
                        cell: (each) => <Badge tone={each.oordeel === 'geblokkeerd' ? 'danger' : 'success'}>{each.oordeel === 'geblokkeerd' ? words.linkages.stopped : words.linkages.flows}</Badge>,
                      },
                      {
                        name: words.decisions.reason,
                        cell: (each) =>
                          [...new Set(each.codes)].map((code) => (
                            <div key={code}>
                              {reasons.get(code)?.kort ?? code} <Code>{code}</Code>
                            </div>
                          )),
                      },
                    ]}
                  />
                </Section>
              )}
              <Section title={words.linkages.approved}>
                {koppelingen.length === 0 ? (
                  <Nothing>{words.linkages.noneApproved}</Nothing>
                ) : (
                  koppelingen.map((each) => (
                    <div key={each.id} className="section">
                      <Heading level={3}>
                        <Typed>{each.titel}</Typed>
                      </Heading>
                      <Facts
                        of={[
                          [words.queue.state, <Badge key="s" tone={each.inWerking ? 'success' : 'inactive'}>{each.inWerking ? words.purposeStates['in-werking'] : words.linkages.notInForce}</Badge>],
                          [words.linkages.sources, each.bronnen.join(', ')],
                          [words.linkages.purposes, each.doelen.join(', ')],
                          [words.linkages.key, <Code key="k">{each.sleutel}</Code>],
                          [words.purpose.proportionality, <Typed key="p">{each.proportionaliteit}</Typed>],
                          [words.purpose.subsidiarity, <Typed key="q">{each.subsidiariteit}</Typed>],
                        ]}
                      />
                    </div>
                  ))
                )}
              </Section>
            </>
          );
        }}
      </Await>
    </Page>
  );
}
