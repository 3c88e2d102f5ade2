// Signed in or not, and which page belongs to which address.
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Route, Routes } from 'react-router';
import { client, onSignedOut, setCsrf, take, Trouble } from './api';
import { Boundary } from './parts/boundary';
import { Failure, Loading } from './parts/page';
import { Password } from './pages/password';
import { SignIn } from './pages/sign_in';
import { SessionContext, type Person } from './session';
import { Shell } from './shell';
import { Home } from './pages/home';

const page = <Name extends string>(load: () => Promise<Record<Name, () => React.ReactNode>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }));

const Queue = page(() => import('./pages/queue'), 'Queue');
const Proposals = page(() => import('./pages/queue'), 'Proposals');
const Proposal = page(() => import('./pages/proposal'), 'Proposal');
const Declare = page(() => import('./pages/declare'), 'Declare');
const Purposes = page(() => import('./pages/purposes'), 'Purposes');
const Purpose = page(() => import('./pages/purpose'), 'Purpose');
const Linkages = page(() => import('./pages/linkages'), 'Linkages');
const Refused = page(() => import('./pages/refused'), 'Refused');
const Decisions = page(() => import('./pages/decisions'), 'Decisions');
const Decision = page(() => import('./pages/decision'), 'Decision');
const Trial = page(() => import('./pages/trial'), 'Trial');
const Organisations = page(() => import('./pages/registers'), 'Organisations');
const Services = page(() => import('./pages/registers'), 'Services');
const Service = page(() => import('./pages/registers'), 'Service');
const Bases = page(() => import('./pages/bases'), 'Bases');
const Basis = page(() => import('./pages/bases'), 'Basis');
const Reports = page(() => import('./pages/reports'), 'Reports');
const Node = page(() => import('./pages/oversight'), 'Node');
const Log = page(() => import('./pages/oversight'), 'Log');
const Practice = page(() => import('./pages/practice'), 'Practice');
const Users = page(() => import('./pages/users'), 'Users');
const About = page(() => import('./pages/about'), 'About');
const Accessibility = page(() => import('./pages/about'), 'Accessibility');
const Privacy = page(() => import('./pages/about'), 'Privacy');
const NotFound = page(() => import('./pages/about'), 'NotFound');

// Nothing of one person stays for the next on the same browser.
function useOnlyTheirs(person: Person | null | undefined) {
  const queries = useQueryClient();
  const before = useRef<string | null | undefined>(undefined);
  const now = person === undefined ? undefined : (person?.id ?? null);
  if (before.current !== undefined && now !== undefined && before.current !== now)
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  before.current = now;
}

// Null: nobody is signed in.
async function whoIsThere(): Promise<Person | null> {
  try {
    const person = await take(client.GET('/sessies/huidige'));
    setCsrf(person.csrf);
    return person;
  } catch (error) {
    if (error instanceof Trouble && error.status === 401) return null;
    throw error;
  }
}

export function App() {
  const queries = useQueryClient();
  const session = useQuery({ queryKey: ['session'], queryFn: whoIsThere, staleTime: Infinity });
  useEffect(() => onSignedOut(() => queries.setQueryData(['session'], null)), [queries]);
  useOnlyTheirs(session.data);
  if (session.data === undefined)
    return <main>{session.error ? <Failure reading error={session.error} retry={() => void session.refetch()} /> : <Loading />}</main>;
  if (session.data === null) return <SignIn />;
  if (session.data.wachtwoordWijzigen)
    return (
      <SessionContext value={session.data}>
        <main className="sign-in">
          <Password first />
        </main>
      </SessionContext>
    );
  return (
    <SessionContext value={session.data}>
      <Shell>
        <Boundary>
        <Suspense fallback={<Loading />}>
          <Routes>
            <Route path="/" element={<Home />} />
            <Route path="/te-beoordelen" element={<Queue />} />
            <Route path="/voorstellen" element={<Proposals />} />
            <Route path="/voorstellen/:id" element={<Proposal />} />
            <Route path="/voorstellen/:id/bewerken" element={<Declare />} />
            <Route path="/doel-aanmelden" element={<Declare />} />
            <Route path="/doelen" element={<Purposes />} />
            <Route path="/doelen/:id" element={<Purpose />} />
            <Route path="/koppelingen" element={<Linkages />} />
            <Route path="/geweigerd" element={<Refused />} />
            <Route path="/besluiten" element={<Decisions />} />
            <Route path="/besluiten/:id" element={<Decision />} />
            <Route path="/mag-dit" element={<Trial />} />
            <Route path="/organisaties" element={<Organisations />} />
            <Route path="/diensten" element={<Services />} />
            <Route path="/diensten/:id" element={<Service />} />
            <Route path="/grondslagen" element={<Bases />} />
            <Route path="/grondslagen/:id" element={<Basis />} />
            <Route path="/rapportages" element={<Reports />} />
            <Route path="/oefenen" element={<Practice />} />
            <Route path="/knooppunt" element={<Node />} />
            <Route path="/logboek" element={<Log />} />
            <Route path="/gebruikers" element={<Users />} />
            <Route path="/wachtwoord" element={<Password />} />
            <Route path="/over" element={<About />} />
            <Route path="/toegankelijkheid" element={<Accessibility />} />
            <Route path="/privacy" element={<Privacy />} />
            <Route path="*" element={<NotFound />} />
          </Routes>
        </Suspense>
        </Boundary>
      </Shell>
    </SessionContext>
  );
}
