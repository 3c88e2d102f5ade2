// The column with what this person can do with a proposal now: judge, sign, ask, answer, submit, withdraw. Who may not
// sees why.
import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, once, take } from '../api';
import { Alert, Button, Heading } from '../parts/basic';
import { ErrorSummary, Radios, TextArea, type Option } from '../parts/form';
import { Failure } from '../parts/page';
import { useMay, usePerson } from '../session';
import { useWords } from '../words/words';
import type { Proposed } from './proposal';

const least = 10; // characters that say why; the API's own limit

type Verdict = 'positief' | 'positief-met-voorwaarden' | 'negatief' | 'terug';
type Choice = Verdict | 'ondertekenen' | 'indienen' | 'vraag' | 'antwoord' | 'intrekken';

function useChoices(proposal: Proposed): Option[] {
  const words = useWords();
  const may = useMay();
  const person = usePerson();
  const state = proposal.toestand;
  const conflict = proposal.belangenconflicten.length > 0;
  const wrote = proposal.stappen.some(({ account, stap }) => account === person.id && (stap === 'gemaakt' || stap === 'gewijzigd' || stap === 'ingediend'));
  const asked = proposal.stappen.filter(({ stap }) => stap === 'vraag').length > proposal.stappen.filter(({ stap }) => stap === 'antwoord').length;
  const choices: Choice[] = [];
  if (state === 'ingediend' && may('adviseren') && !conflict) choices.push('positief', 'positief-met-voorwaarden', 'terug', 'negatief');
  if (state === 'geadviseerd' && may('ondertekenen') && !conflict) choices.push('ondertekenen');
  if (state === 'geadviseerd' && may('adviseren') && !conflict) choices.push('terug');
  if (state === 'concept' && may('indienen')) choices.push('indienen');
  if ((state === 'ingediend' || state === 'geadviseerd') && may('reageren')) choices.push(asked && wrote ? 'antwoord' : 'vraag');
  if (['concept', 'ingediend', 'geadviseerd'].includes(state) && wrote && may('intrekken', 'voorstel-schrijven')) choices.push('intrekken');
  return choices.map((value) => ({ value, name: words.choices[value].name, help: words.choices[value].help }));
}

function useStep(proposal: Proposed, tag: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ choice, text }: { choice: Choice; text: string }) => {
      const params = { path: { id: proposal.id }, header: { ...once(), 'If-Match': tag } };
      const body = { toelichting: text };
      switch (choice) {
        case 'ondertekenen':
          return take(client.POST('/voorstellen/{id}/ondertekeningen', { params, body }));
        case 'indienen':
          return take(client.POST('/voorstellen/{id}/indieningen', { params, body }));
        case 'vraag':
          return take(client.POST('/voorstellen/{id}/vragen', { params, body }));
        case 'antwoord':
          return take(client.POST('/voorstellen/{id}/antwoorden', { params, body }));
        case 'intrekken':
          return take(client.POST('/voorstellen/{id}/intrekkingen', { params, body }));
        default:
          return take(client.POST('/voorstellen/{id}/adviezen', { params, body: { ...body, oordeel: choice } }));
      }
    },
    onSuccess: () =>
      Promise.all(['proposal', 'proposals', 'purposes', 'purpose', 'remarks'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}

// What is judged is the version that was on the screen when it was begun; a newer one must be looked at first.
export function Judgement({ proposal, tag }: { proposal: Proposed; tag: string }) {
  const words = useWords();
  const may = useMay();
  const options = useChoices(proposal);
  const [choice, setChoice] = useState('');
  const [text, setText] = useState('');
  const [tries, setTries] = useState(0);
  const [done, setDone] = useState('');
  const [begun, setBegun] = useState(tag);
  const step = useStep(proposal, begun);
  const untouched = text === '' && choice === '';
  if (untouched && begun !== tag) setBegun(tag);
  const errors: [string, string][] = [];
  if (tries > 0 && choice === '') errors.push(['choice', words.judgement.choose]);
  if (tries > 0 && text.trim().length < least) errors.push(['reasons', words.judgement.reasonsMissing(least)]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    setDone('');
    if (choice === '' || text.trim().length < least) return;
    step.mutate(
      { choice: choice as Choice, text: text.trim() },
      {
        onSuccess: () => {
          setDone(words.choices[choice as Choice].done);
          setChoice('');
          setText('');
          setTries(0);
        },
      },
    );
  };
  const errorOf = (id: string) => errors.find(([each]) => each === id)?.[1];
  const judges = may('adviseren', 'ondertekenen');
  return (
    <aside className="decision stack" aria-labelledby="judgement">
      <Heading level={2} id="judgement">
        {judges ? words.judgement.yours : words.judgement.steps}
      </Heading>
      <div role="status">{done && <Alert kind="ok" title={done} />}</div>
      {proposal.belangenconflicten.map((conflict) => (
        <Alert key={conflict} kind="warning" title={words.judgement.conflict}>
          <p>{conflict}</p>
        </Alert>
      ))}
      {judges && proposal.belangenconflicten.length === 0 && options.length > 0 && (
        <Alert kind="info" title={words.judgement.fourEyes}>
          <p>
            {words.judgement.fourEyesText(proposal.van)} {may('adviseren') && words.judgement.fourEyesLaw}
          </p>
        </Alert>
      )}
      {options.length === 0 ? (
        <p>{words.judgement.nothing[proposal.toestand]}</p>
      ) : (
        <form onSubmit={submit} noValidate className="stack">
          <ErrorSummary errors={errors} shown={tries} />
          {begun !== tag && (
            <Alert kind="warning" title={words.judgement.newer}>
              <Button onClick={() => setBegun(tag)}>{words.judgement.looked}</Button>
            </Alert>
          )}
          {step.error && errors.length === 0 && <Failure error={step.error} />}
          <Radios legend={words.judgement.choice} name="choice" value={choice} change={setChoice} options={options} error={errorOf('choice')} />
          <TextArea
            id="reasons"
            label={choice === 'positief-met-voorwaarden' ? words.judgement.conditions : words.judgement.reasons}
            help={words.judgement.reasonsHelp}
            value={text}
            change={setText}
            error={errorOf('reasons')}
            required
          />
          <Button kind="primary" type="submit" disabled={step.isPending}>
            {words.judgement.record}
          </Button>
        </form>
      )}
    </aside>
  );
}
