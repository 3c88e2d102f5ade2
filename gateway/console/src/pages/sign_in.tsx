// Signing in with a local account: name, password and the code of an authenticator app.
import { useEffect, useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, setCsrf, take } from '../api';
import { Button, Heading } from '../parts/basic';
import { ErrorSummary, TextField } from '../parts/form';
import { Failure } from '../parts/page';
import { LanguageButton, Mark } from '../shell';
import { useWords } from '../words/words';

export function SignIn() {
  const words = useWords();
  const queries = useQueryClient();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [tries, setTries] = useState(0);
  useEffect(() => {
    document.title = `${words.signIn.title} · Koppelpoort`;
  }, [words]);
  const errors: [string, string][] =
    tries === 0
      ? []
      : (
          [
            ['login', login, words.signIn.loginMissing],
            ['password', password, words.signIn.passwordMissing],
            ['code', code, words.signIn.codeMissing],
          ] as const
        )
          .filter(([, value]) => value === '')
          .map(([id, , text]) => [id, text]);
  const signIn = useMutation({
    mutationFn: () => take(client.POST('/sessies', { body: { aanmeldnaam: login, wachtwoord: password, code: code.replace(/\s/g, '') } })),
    onSuccess: (person) => {
      setCsrf(person.csrf);
      queries.setQueryData(['session'], person);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (login && password && code) signIn.mutate();
  };
  const errorOf = (id: string) => errors.find(([each]) => each === id)?.[1];
  return (
    <>
      <header className="header">
        <span className="mark">
          <Mark /> Koppelpoort
        </span>
        <div className="end">
          <LanguageButton />
        </div>
      </header>
      <main className="sign-in stack">
        <Heading level={1}>{words.signIn.title}</Heading>
        <p className="subtle">{words.signIn.lead}</p>
        <ErrorSummary errors={errors} shown={tries} />
        {signIn.error && errors.length === 0 && <Failure error={signIn.error} />}
        <form className="form" onSubmit={submit} noValidate>
          <TextField id="login" label={words.signIn.login} value={login} change={setLogin} autoComplete="username" error={errorOf('login')} required />
          <TextField
            id="password"
            label={words.signIn.password}
            type="password"
            value={password}
            change={setPassword}
            autoComplete="current-password"
            error={errorOf('password')}
            required
          />
          <TextField
            id="code"
            label={words.signIn.code}
            help={words.signIn.codeHelp}
            value={code}
            change={setCode}
            inputMode="numeric"
            autoComplete="one-time-code"
            error={errorOf('code')}
            required
          />
          <div>
            <Button kind="primary" type="submit">
              {words.signIn.go}
            </Button>
          </div>
        </form>
      </main>
    </>
  );
}
