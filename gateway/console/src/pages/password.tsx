// Changing one's own password; the first one was known to who made the account.
import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, signed, take } from '../api';
import { Alert, Button, Heading } from '../parts/basic';
import { ErrorSummary, TextField } from '../parts/form';
import { Failure, Page } from '../parts/page';
import { useWords } from '../words/words';

export function Password({ first = false }: { first?: boolean }) {
  const words = useWords();
  const queries = useQueryClient();
  const [before, setBefore] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [tries, setTries] = useState(0);
  const errors: [string, string][] = [];
  if (tries > 0 && before === '') errors.push(['before', words.password.beforeMissing]);
  if (tries > 0 && next === '') errors.push(['next', words.password.nextMissing]);
  if (tries > 0 && next !== again) errors.push(['again', words.password.differs]);
  const change = useMutation({
    mutationFn: () =>
      take(
        client.PUT('/accounts/eigen/wachtwoord', {
          params: { header: signed() },
          body: { huidig: before, nieuw: next },
        }),
      ),
    onSuccess: () => queries.setQueryData(['session'], null),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (before && next && next === again) change.mutate();
  };
  const errorOf = (id: string) => errors.find(([each]) => each === id)?.[1];
  const form = (
    <div className="stack">
      {first && <Alert kind="info" title={words.password.firstTitle}>{<p>{words.password.firstText}</p>}</Alert>}
      <ErrorSummary errors={errors} shown={tries} />
      {change.error && errors.length === 0 && <Failure error={change.error} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField id="before" label={words.password.before} type="password" autoComplete="current-password" value={before} change={setBefore} error={errorOf('before')} required />
        <TextField id="next" label={words.password.next} help={words.password.nextHelp} type="password" autoComplete="new-password" value={next} change={setNext} error={errorOf('next')} required />
        <TextField id="again" label={words.password.again} type="password" autoComplete="new-password" value={again} change={setAgain} error={errorOf('again')} required />
        <div>
          <Button kind="primary" type="submit">
            {words.password.go}
          </Button>
        </div>
      </form>
    </div>
  );
  if (first)
    return (
      <>
        <Heading level={1}>{words.password.title}</Heading>
        {form}
      </>
    );
  return (
    <Page title={words.password.title} lead={words.password.lead}>
      {form}
    </Page>
  );
}
