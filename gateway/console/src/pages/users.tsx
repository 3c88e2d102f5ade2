// Accounts of the organisation: who may what. Whoever gets a right to decide waits for a second person.
import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, signed, take, type Schemas } from '../api';
import { Alert, Badge, Button, Code, Facts, Heading } from '../parts/basic';
import { Checks, ErrorSummary, TextArea, TextField } from '../parts/form';
import { Listing } from '../parts/listing';
import { Failure, Page, Section } from '../parts/page';
import { pageSize, Table, usePageNumber } from '../parts/table';
import { useMay, usePerson } from '../session';
import { useWords } from '../words/words';

type Account = Schemas['Account'];
type Role = Schemas['Rol'];
const least = 10;

// What its holder gets, once.
interface Secret {
  name: string;
  login: string;
  password: string;
  address: string;
}
const secretOf = (account: Account, given: { wachtwoord: string; codesleutel: string }): Secret => ({
  name: account.naam,
  login: account.aanmeldnaam,
  password: given.wachtwoord,
  address: given.codesleutel,
});

function Secrets({ of, close }: { of: Secret; close: () => void }) {
  const words = useWords();
  return (
    <Alert kind="ok" role="status" title={words.users.made(of.name)}>
      <p>{words.users.secrets}</p>
      <Facts
        of={[
          [words.signIn.login, <Code key="l">{of.login}</Code>],
          [words.signIn.password, <Code key="p">{of.password}</Code>],
          [words.users.app, <span key="a" className="long small"><Code>{of.address}</Code></span>],
        ]}
      />
      <Button onClick={close}>{words.users.handed}</Button>
    </Alert>
  );
}

function NewAccount({ made }: { made: (secret: Secret) => void }) {
  const words = useWords();
  const queries = useQueryClient();
  const [login, setLogin] = useState('');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [roles, setRoles] = useState<string[]>([]);
  const [tries, setTries] = useState(0);
  const add = useMutation({
    mutationFn: () =>
      take(client.POST('/accounts', { params: { header: signed() }, body: { aanmeldnaam: login, naam: name, email, rollen: roles as Role[] } })),
    onSuccess: (account) => {
      made(secretOf(account, account));
      setLogin('');
      setName('');
      setEmail('');
      setRoles([]);
      setTries(0);
      return queries.invalidateQueries({ queryKey: ['accounts'] });
    },
  });
  const errors: [string, string][] = [];
  if (tries > 0 && !login) errors.push(['login', words.signIn.loginMissing]);
  if (tries > 0 && !name) errors.push(['name', words.users.nameMissing]);
  if (tries > 0 && !email) errors.push(['email', words.users.emailMissing]);
  if (tries > 0 && roles.length === 0) errors.push(['roles', words.users.rolesMissing]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (login && name && email && roles.length > 0) add.mutate();
  };
  const errorOf = (id: string) => errors.find(([each]) => each === id)?.[1];
  return (
    <Section title={words.users.add}>
      <ErrorSummary errors={errors} shown={tries} />
      {add.error && errors.length === 0 && <Failure error={add.error} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField id="login" label={words.signIn.login} help={words.users.loginHelp} value={login} change={setLogin} error={errorOf('login')} required />
        <TextField id="name" label={words.users.name} value={name} change={setName} error={errorOf('name')} required />
        <TextField id="email" label={words.users.email} help={words.users.emailHelp} type="email" value={email} change={setEmail} error={errorOf('email')} required />
        <div id="roles" tabIndex={-1}>
          <Checks
            legend={words.users.roles}
            chosen={roles}
            change={setRoles}
            options={(Object.entries(words.roles) as [Role, string][]).map(([value, label]) => ({ value, name: label, help: words.roleHelp[value] }))}
          />
        </div>
        <div>
          <Button kind="primary" type="submit" disabled={add.isPending}>
            {words.users.go}
          </Button>
        </div>
      </form>
    </Section>
  );
}

interface Acting {
  account: Account;
  what: 'confirm' | 'recover';
}

// Confirming somebody, or giving new access: with the reason, which goes on record.
function Act({ of, made, close }: { of: Acting; made: (secret: Secret) => void; close: () => void }) {
  const words = useWords();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [tries, setTries] = useState(0);
  const act = useMutation({
    mutationFn: async () => {
      const given = { params: { path: { id: of.account.id }, header: signed() }, body: { toelichting: text.trim() } };
      if (of.what === 'confirm') await take(client.POST('/accounts/{id}/bevestigingen', given));
      else made(secretOf(of.account, await take(client.POST('/accounts/{id}/herstelacties', given))));
    },
    onSuccess: () => {
      close();
      return queries.invalidateQueries({ queryKey: ['accounts'] });
    },
  });
  const errors: [string, string][] = tries > 0 && text.trim().length < least ? [['reasons', words.judgement.reasonsMissing(least)]] : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (text.trim().length >= least) act.mutate();
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Heading level={2}>{of.what === 'confirm' ? words.users.confirmOf(of.account.naam) : words.users.recoverOf(of.account.naam)}</Heading>
      <ErrorSummary errors={errors} shown={tries} />
      {act.error && <Failure error={act.error} />}
      <TextArea id="reasons" label={words.judgement.reasons} value={text} change={setText} error={errors[0]?.[1]} rows={2} required />
      <div className="buttons">
        <Button kind="primary" type="submit" disabled={act.isPending}>
          {of.what === 'confirm' ? words.users.confirm : words.users.recover}
        </Button>
        <Button onClick={close}>{words.users.leave}</Button>
      </div>
    </form>
  );
}

export function Users() {
  const words = useWords();
  const may = useMay();
  const person = usePerson();
  const page = usePageNumber();
  const [made, setMade] = useState<Secret | null>(null);
  const [acting, setActing] = useState<Acting | null>(null);
  const list = useQuery({
    queryKey: ['accounts', page],
    queryFn: () => take(client.GET('/accounts', { params: { query: { pagina: page, aantal: pageSize } } })),
  });
  return (
    <Page title={words.nav.users} lead={words.users.lead}>
      <div className="stack">
        {made && <Secrets of={made} close={() => setMade(null)} />}
        {acting && <Act key={acting.account.id + acting.what} of={acting} made={setMade} close={() => setActing(null)} />}
        <Listing asked={list} none={words.users.none}>
          {(rows) => (
            <Table
              caption={words.nav.users}
              rows={rows}
              rowKey={({ id }) => id}
              columns={[
                {
                  name: words.users.name,
                  cell: (each) => (
                    <>
                      {each.naam} <span className="subtle small">{each.aanmeldnaam}</span>
                    </>
                  ),
                },
                { name: words.users.roles, cell: (each) => each.rollen.map((role) => words.roles[role]).join(', ') },
                {
                  name: words.queue.state,
                  cell: (each) =>
                    each.uitgeschakeld ? (
                      <Badge tone="inactive">{words.users.disabled}</Badge>
                    ) : each.wachtOpBevestiging ? (
                      <Badge tone="warning">{words.users.waits}</Badge>
                    ) : (
                      <Badge tone="success">{words.users.active}</Badge>
                    ),
                },
                {
                  name: words.users.actions,
                  bare: true,
                  cell: (each) => (
                    <div className="buttons">
                      {each.wachtOpBevestiging && may('accounts-bevestigen') && each.id !== person.id && (
                        <Button onClick={() => setActing({ account: each, what: 'confirm' })}>
                          {words.users.confirm}
                          <span className="visually-hidden"> {each.naam}</span>
                        </Button>
                      )}
                      {may('accounts-beheren') && each.id !== person.id && !each.uitgeschakeld && (
                        <Button kind="subtle" onClick={() => setActing({ account: each, what: 'recover' })}>
                          {words.users.recover}
                          <span className="visually-hidden"> {each.naam}</span>
                        </Button>
                      )}
                    </div>
                  ),
                },
              ]}
            />
          )}
        </Listing>
        {may('accounts-beheren') && <NewAccount made={setMade} />}
      </div>
    </Page>
  );
}
