// Practising: a real case, what does one think, and what does the engine say. That somebody practised is recorded.
import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { client, signed, take, type Schemas } from '../api';
import { Alert, Button, Code, Facts, Heading, Typed } from '../parts/basic';
import { Radios } from '../parts/form';
import { Await, Failure, Page } from '../parts/page';
import { day } from '../words/format';
import { useSpoken } from '../words/words';

type Exercise = Schemas['Oefening'];
type Verdict = Schemas['OefeningAntwoord']['oordeel'];
const verdicts: Verdict[] = ['toegestaan', 'geminimaliseerd', 'geblokkeerd'];

function Case({ of, next }: { of: Exercise; next: () => void }) {
  const { words, language } = useSpoken();
  const queries = useQueryClient();
  const [choice, setChoice] = useState('');
  const [missing, setMissing] = useState(false);
  const answer = useMutation({
    mutationFn: () =>
      take(client.POST('/oefeningen/{id}/antwoorden', { params: { path: { id: of.id }, header: signed() }, body: { oordeel: choice as Verdict } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['log'] }),
  });
  return (
    <div className="stack">
      <Heading level={2}>
        <Typed>{of.titel}</Typed>
      </Heading>
      <Facts
        of={[
          [words.practice.question, <Typed key="q">{of.vraag}</Typed>],
          [words.decision.consumer, of.vrager],
          [words.decision.provider, of.aanbieder],
          [words.decision.service, <Typed key="s">{of.dienst}</Typed>],
          [words.decision.purpose, of.doel ? <Typed key="p">{of.doel}</Typed> : words.decision.noPurpose],
          [words.practice.elements, of.gegevens.join(', ')],
          [words.trial.volume, words.practice.volumes[of.omvang]],
          [words.practice.on, day(of.op, language)],
        ]}
      />
      <Radios
        legend={words.practice.guess}
        name="guess"
        value={choice}
        change={(chosen) => {
          setChoice(chosen);
          setMissing(false);
        }}
        options={verdicts.map((value) => ({ value, name: words.verdicts[value] }))}
        error={missing ? words.practice.choose : undefined}
      />
      {answer.error && <Failure error={answer.error} />}
      <div aria-live="polite" className="stack">
        {answer.data && (
          <>
            <Alert kind={answer.data.goed ? 'ok' : 'warning'} title={answer.data.goed ? words.practice.right : words.practice.wrong}>
              <p>{answer.data.samenvatting}</p>
            </Alert>
            <ul className="dots">
              {answer.data.redenen.map((each) => (
                <li key={each.code + each.uitleg}>
                  <strong>{each.kort}</strong> <Code>{each.code}</Code>: {each.uitleg}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <div className="buttons">
        {!answer.data && (
          <Button kind="primary" disabled={answer.isPending} onClick={() => (choice ? answer.mutate() : setMissing(true))}>
            {words.practice.answer}
          </Button>
        )}
        <Button onClick={next}>{words.practice.next}</Button>
      </div>
    </div>
  );
}

export function Practice() {
  const { words, language } = useSpoken();
  const [query, setQuery] = useSearchParams();
  const list = useQuery({
    queryKey: ['exercises', language],
    queryFn: () => take(client.GET('/oefeningen', { params: { query: { aantal: 100 } } })),
    staleTime: Infinity,
  });
  return (
    <Page title={words.nav.practice} lead={words.practice.lead}>
      <Await asked={list}>
        {({ resultaten }) => {
          const at = Math.max(
            0,
            resultaten.findIndex(({ id }) => id === query.get('geval')),
          );
          const current = resultaten[at];
          const following = resultaten[(at + 1) % resultaten.length];
          if (current === undefined || following === undefined) return <p>{words.practice.none}</p>;
          return (
            <>
              <p className="subtle small">{words.practice.place(at + 1, resultaten.length)}</p>
              <Case key={current.id} of={current} next={() => setQuery({ geval: following.id })} />
            </>
          );
        }}
      </Await>
    </Page>
  );
}
