// A page: its title, its way back, and what it says while it waits, fails, or has nothing.
import { useEffect, useState, type ReactNode } from 'react';
import { Trouble } from '../api';
import { useWords } from '../words/words';
import { Alert, Button, Heading, Link } from './basic';

export function Page({
  title,
  lead,
  meta,
  crumbs = [],
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  meta?: ReactNode;
  crumbs?: [string, string][] | null; // address and name, without the page itself; null on the first page
  actions?: ReactNode;
  children: ReactNode;
}) {
  const words = useWords();
  useEffect(() => {
    document.title = `${title} · Koppelpoort`;
  }, [title]);
  return (
    <>
      {crumbs !== null && (
        <nav className="crumbs" aria-label={words.shell.crumbs}>
          <ol>
            <li>
              <Link to="/">{words.nav.start}</Link>
            </li>
            {crumbs.map(([to, name]) => (
              <li key={to}>
                <Link to={to}>{name}</Link>
              </li>
            ))}
            <li aria-current="page">{title}</li>
          </ol>
        </nav>
      )}
      <div className="page-head">
        <div>
          {meta && <div className="meta">{meta}</div>}
          <Heading level={1}>{title}</Heading>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {actions && <div className="buttons">{actions}</div>}
      </div>
      {children}
    </>
  );
}

// Nothing for a moment, then a still shape: what comes at once never flickers.
export function Loading() {
  const words = useWords();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{words.state.loading}</span>
      <div />
      <div />
      <div />
    </div>
  );
}

// `reading`: something was asked for, and nothing was to change.
export function Failure({ error, retry, reading = false }: { error: unknown; retry?: () => void; reading?: boolean }) {
  const words = useWords();
  const trouble = error instanceof Trouble ? error : null;
  if (trouble?.status === 403 && reading)
    return (
      <Alert kind="info" title={words.state.noRight}>
        <p>{words.state.noRightNext}</p>
      </Alert>
    );
  if (trouble?.status === 404)
    return (
      <Alert kind="info" title={trouble.title}>
        <p>{trouble.detail}</p>
      </Alert>
    );
  const answered = trouble !== null && trouble.status !== 0;
  return (
    <Alert kind="error" role="alert" title={answered ? trouble.title : reading ? words.state.failed : words.state.unsure}>
      <p>{answered ? trouble.detail : reading ? words.state.failedNext : words.state.unsureNext}</p>
      {answered && trouble.reasons.length > 0 && (
        <ul className="dots">
          {trouble.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {retry && <Button onClick={retry}>{words.state.retry}</Button>}
    </Alert>
  );
}

export interface Asked<Data> {
  data: Data | undefined;
  error: unknown;
  refetch: () => unknown;
}

// What was asked, when it is there. What could not be refreshed is said above what is old; what may no longer be seen
// is gone.
export function Await<Data>({ asked, children }: { asked: Asked<Data>; children: (data: Data) => ReactNode }) {
  const failure = asked.error ? <Failure reading error={asked.error} retry={() => void asked.refetch()} /> : null;
  const gone = asked.error instanceof Trouble && [401, 403, 404].includes(asked.error.status);
  if (asked.data !== undefined && !gone)
    return (
      <>
        {failure}
        {children(asked.data)}
      </>
    );
  return failure ?? <Loading />;
}

export function Section({ title, id, children }: { title: string; id?: string; children: ReactNode }) {
  return (
    <section className="section" {...(id ? { id } : {})}>
      <Heading level={2}>{title}</Heading>
      {children}
    </section>
  );
}
