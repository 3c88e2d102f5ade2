// One purpose as it is in force; suspending or withdrawing it acts on the next exchange.
import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { client, once, take, type Schemas } from '../api';
import { Alert, Button, Code, Facts, Heading, Link, Typed } from '../parts/basic';
import { ErrorSummary, Radios, TextArea } from '../parts/form';
import { Await, Failure, Page, Section } from '../parts/page';
import { useMay } from '../session';
import { day } from '../words/format';
import { useSpoken, useWords } from '../words/words';
import { GroundList } from './bases';
import { Evidence, Necessity, useWordsOfLaw } from './proposal';
import { PurposeState } from './purposes';

const least = 10;

function Stop({ id, state }: { id: string; state: Schemas['Doel']['toestand'] }) {
  const words = useWords();
  const may = useMay();
  const queries = useQueryClient();
  const [choice, setChoice] = useState('');
  const [text, setText] = useState('');
  const [tries, setTries] = useState(0);
  const [done, setDone] = useState('');
  const stop = useMutation({
    mutationFn: () => {
      const given = { params: { path: { id }, header: once() }, body: { toelichting: text.trim() } };
      return choice === 'opschorten'
        ? take(client.POST('/doelen/{id}/schorsingen', given))
        : take(client.POST('/doelen/{id}/intrekkingen', given));
    },
    onSuccess: () => {
      setDone(choice === 'opschorten' ? words.stop.suspended : words.stop.withdrawn);
      setText('');
      setChoice('');
      setTries(0);
      return Promise.all(['purpose', 'purposes', 'remarks', 'linkages'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
  });
  const options = [
    ...(may('opschorten') && state === 'in-werking' ? [{ value: 'opschorten', name: words.stop.suspend, help: words.stop.suspendHelp }] : []),
    ...(may('intrekken') && (state === 'in-werking' || state === 'geschorst') ? [{ value: 'intrekken', name: words.stop.withdraw, help: words.stop.withdrawHelp }] : []),
  ];
  if (options.length === 0 && !done) return null;
  const errors: [string, string][] = [];
  if (tries > 0 && choice === '') errors.push(['choice', words.judgement.choose]);
  if (tries > 0 && text.trim().length < least) errors.push(['reasons', words.judgement.reasonsMissing(least)]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (choice !== '' && text.trim().length >= least) stop.mutate();
  };
  return (
    <aside className="decision stack" aria-labelledby="stop">
      <Heading level={2} id="stop">
        {words.stop.title}
      </Heading>
      <div role="status">{done && <Alert kind="ok" title={done} />}</div>
      {options.length > 0 && (
        <form onSubmit={submit} noValidate className="stack">
          <ErrorSummary errors={errors} shown={tries} />
          {stop.error && errors.length === 0 && <Failure error={stop.error} />}
          <Radios legend={words.judgement.choice} name="choice" value={choice} change={setChoice} options={options} error={errors.find(([each]) => each === 'choice')?.[1]} />
          <TextArea
            id="reasons"
            label={words.judgement.reasons}
            help={words.judgement.reasonsHelp}
            value={text}
            change={setText}
            error={errors.find(([each]) => each === 'reasons')?.[1]}
            required
          />
          <Button kind="negative" type="submit" disabled={stop.isPending}>
            {words.stop.go}
          </Button>
        </form>
      )}
    </aside>
  );
}

export function Purpose() {
  const { words, language } = useSpoken();
  const may = useMay();
  const lawWords = useWordsOfLaw();
  const { id = '' } = useParams();
  const asked = useQuery({
    queryKey: ['purpose', id, language],
    queryFn: () => take(client.GET('/doelen/{id}', { params: { path: { id } } })),
  });
  const purpose = asked.data;
  return (
    <Page
      title={purpose ? (language === 'en' && purpose.titelEngels) || purpose.titel : id}
      crumbs={[['/doelen', words.nav.purposes]]}
      meta={
        purpose && (
          <>
            <PurposeState state={purpose.toestand} />
            <Code>{id}</Code>
          </>
        )
      }
      actions={
        <>
          {may('besluiten-zien') && <Link to={`/geweigerd?doel=${encodeURIComponent(id)}`}>{words.purpose.toRefused}</Link>}
          <Link to={`/mag-dit?doel=${encodeURIComponent(id)}`}>{words.nav.trial}</Link>
        </>
      }
    >
      <Await asked={asked}>
        {(data) => (
          <div className="with-decision">
            <div>
              {data.omschrijving && (
                <p>
                  <Typed>{data.omschrijving}</Typed>
                </p>
              )}
              <Facts
                of={[
                  [words.purpose.goal, lawWords.goal(data.taak)],
                  [words.purpose.role, lawWords.role(data.rol)],
                  [words.purpose.retention, data.bewaartermijnMaanden !== null && words.purpose.months(data.bewaartermijnMaanden)],
                  [words.purpose.valid, data.van && words.purpose.from(day(data.van, language))],
                  [words.purpose.ends, data.tot && words.purpose.until(day(data.tot, language))],
                  [words.purpose.review, data.herbeoordelingVoor && day(data.herbeoordelingVoor, language)],
                  [words.purpose.advised, data.goedkeuring && `${data.goedkeuring.geadviseerdDoor}, ${data.goedkeuring.geadviseerdOp ? day(data.goedkeuring.geadviseerdOp, language) : ''}`],
                  [words.purpose.signed, data.goedkeuring && `${data.goedkeuring.ondertekendDoor}, ${data.goedkeuring.ondertekendOp ? day(data.goedkeuring.ondertekendOp, language) : ''}`],
                ]}
              />
              <Section title={words.proposal.grounds}>
                <GroundList ids={data.grondslagen} />
              </Section>
              <Section title={words.proposal.necessity}>
                {data.noodzaak.length === 0 && <p>{words.purpose.noNecessity}</p>}
                {data.noodzaak.map((each) => (
                  <Necessity
                    key={each.id}
                    of={{
                      service: each.dienstTitel || each.dienst,
                      elements: each.elementen,
                      proportionality: each.proportionaliteit,
                      subsidiarity: each.subsidiariteit,
                    }}
                    elements={data.gegevens}
                    stopped={new Map()}
                  />
                ))}
              </Section>
              <Section title={words.proposal.evidence}>
                <Evidence
                  bases={data.grondslagen}
                  of={data.bewijs.map((each) => ({
                    for: each.voor,
                    reference: each.verwijzing,
                    ...(each.van ? { from: each.van } : {}),
                    ...(each.tot ? { until: each.tot } : {}),
                  }))}
                />
              </Section>
            </div>
            <Stop id={id} state={data.toestand} />
          </div>
        )}
      </Await>
    </Page>
  );
}
