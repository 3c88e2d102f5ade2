// Header, menu and footer around every page.
import { useEffect, useRef, type ReactNode } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, NavLink, useLocation } from 'react-router';
import { byItself, client, signed, take } from './api';
import { Button } from './parts/basic';
import { Icon } from './parts/icon';
import { useMay, usePerson, type Right } from './session';
import { useSpoken, useWords } from './words/words';

interface Item {
  to: string;
  name: string;
  rights: Right[];
  count?: number;
}

// How many proposals wait for this person's judgement or signature.
export function useWaiting() {
  const may = useMay();
  const state = may('adviseren') ? 'ingediend' : 'geadviseerd';
  return useQuery({
    queryKey: ['proposals', 'waiting', state],
    queryFn: () => take(client.GET('/voorstellen', { params: { query: { toestand: state, aantal: 1 } }, headers: byItself })),
    enabled: may('adviseren', 'ondertekenen'),
    refetchInterval: 60_000,
  }).data?.totaal;
}

function useItems(): { title: string; items: Item[] }[] {
  const words = useWords();
  const may = useMay();
  const waiting = useWaiting();
  const { nav } = words;
  const parts: { title: string; items: Item[] }[] = [
    {
      title: nav.purposeLimitation,
      items: [
        { to: '/te-beoordelen', name: nav.queue, rights: ['adviseren', 'ondertekenen'], ...(waiting ? { count: waiting } : {}) },
        { to: '/voorstellen', name: nav.proposals, rights: ['voorstellen-zien'] },
        { to: '/doelen', name: nav.purposes, rights: ['doelen-zien'] },
        { to: '/koppelingen', name: nav.linkages, rights: ['doelen-zien'] },
      ],
    },
    {
      title: nav.exchanges,
      items: [
        { to: '/geweigerd', name: nav.refused, rights: ['besluiten-zien'] },
        { to: '/besluiten', name: nav.decisions, rights: ['besluiten-zien'] },
        { to: '/mag-dit', name: nav.trial, rights: ['doelen-zien'] },
        { to: '/oefenen', name: nav.practice, rights: ['catalogus-zien'] },
      ],
    },
    {
      title: nav.registers,
      items: [
        { to: '/organisaties', name: nav.organisations, rights: ['catalogus-zien'] },
        { to: '/diensten', name: nav.services, rights: ['catalogus-zien'] },
        { to: '/grondslagen', name: nav.bases, rights: ['catalogus-zien'] },
      ],
    },
    {
      title: nav.administration,
      items: [
        { to: '/rapportages', name: nav.reports, rights: ['rapportage-kennisnemen'] },
        { to: '/knooppunt', name: nav.node, rights: ['besluiten-zien'] },
        { to: '/logboek', name: nav.log, rights: ['geschiedenis-zien'] },
        { to: '/gebruikers', name: nav.users, rights: ['accounts-beheren', 'accounts-bevestigen'] },
      ],
    },
  ];
  return parts
    .map(({ title, items }) => ({ title, items: items.filter(({ rights }) => may(...rights)) }))
    .filter(({ items }) => items.length > 0);
}

function Menu() {
  const words = useWords();
  const parts = useItems();
  return (
    <>
      <ul className="nav-list">
        <li>
          <NavLink to="/" end>
            {words.nav.start}
          </NavLink>
        </li>
      </ul>
      {parts.map(({ title, items }) => (
        <div key={title}>
          <p className="nav-title" id={`nav-${items[0]?.to}`}>
            {title}
          </p>
          <ul className="nav-list" aria-labelledby={`nav-${items[0]?.to}`}>
            {items.map(({ to, name, count }) => (
              <li key={to}>
                <NavLink to={to}>
                  {name}
                  {count !== undefined && (
                    <span className="nl-number-badge">
                      <span className="nl-number-badge__hidden-label">{words.nav.waiting(count)}</span>
                      <span className="nl-number-badge__visible-label" aria-hidden="true">
                        {count}
                      </span>
                    </span>
                  )}
                </NavLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path
        fill="var(--koppelpoort-mark)"
        d="M3 29V9h4v3h3V9h4v3h4V9h4v3h3V9h4v20h-9v-6a4 4 0 0 0-8 0v6zM7 7l9-5 9 5z"
      />
      <path fill="var(--koppelpoort-mark-door)" d="M14 29v-6a2 2 0 0 1 4 0v6z" />
    </svg>
  );
}

export function LanguageButton() {
  const { words, language, speak } = useSpoken();
  const other = language === 'nl' ? 'en' : 'nl';
  return (
    <button type="button" lang={other} onClick={() => speak(other)}>
      <Icon name="language" />
      {words.shell.otherLanguage}
    </button>
  );
}

function Header({ openMenu }: { openMenu: () => void }) {
  const words = useWords();
  const person = usePerson();
  const queries = useQueryClient();
  const leave = async () => {
    try {
      await take(client.DELETE('/sessies/huidige', { params: { header: signed() } }));
      queries.setQueryData(['session'], null);
    } catch {
      await queries.refetchQueries({ queryKey: ['session'] }); // over already, or the gate does not answer: it says which
    }
  };
  return (
    <header className="header">
      <button type="button" className="menu-button" onClick={openMenu}>
        <Icon name="menu" />
        {words.shell.menu}
      </button>
      <Link to="/" className="mark">
        <Mark />
        Koppelpoort
      </Link>
      <span className="organisation">{person.organisatieNaam || person.organisatie}</span>
      <div className="end">
        <LanguageButton />
        <Link to="/wachtwoord" className="person">
          <Icon name="person" />
          <span>
            <span className="visually-hidden">{words.shell.account} </span>
            {person.naam}
            <span className="subtle">{person.rollen.map((role) => words.roles[role]).join(', ')}</span>
          </span>
        </Link>
        <button type="button" onClick={() => void leave()}>
          <Icon name="leave" />
          {words.shell.signOut}
        </button>
      </div>
    </header>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  const words = useWords();
  const location = useLocation();
  const main = useRef<HTMLElement>(null);
  const menu = useRef<HTMLDialogElement>(null);
  const first = useRef(true);
  // A new page: the focus to its beginning, as a page that was loaded anew would have it.
  useEffect(() => {
    menu.current?.close();
    if (first.current) {
      first.current = false;
      return;
    }
    main.current?.focus();
    window.scrollTo(0, 0);
  }, [location.pathname]);
  return (
    <>
      <a className="nl-skip-link nl-skip-link--visible-on-focus" href="#main">
        {words.shell.skip}
      </a>
      <Header openMenu={() => menu.current?.showModal()} />
      <dialog ref={menu} className="menu" aria-label={words.shell.menu}>
        <Button kind="subtle" icon="close" onClick={() => menu.current?.close()}>
          {words.shell.close}
        </Button>
        <nav aria-label={words.shell.menu}>
          <Menu />
        </nav>
      </dialog>
      <div className="shell">
        <nav aria-label={words.shell.mainMenu}>
          <Menu />
        </nav>
        <main id="main" ref={main} tabIndex={-1}>
          {children}
        </main>
      </div>
      <footer className="footer">
        <Link className="nl-link" to="/toegankelijkheid">
          {words.nav.accessibility}
        </Link>
        <Link className="nl-link" to="/privacy">
          {words.nav.privacy}
        </Link>
        <Link className="nl-link" to="/over">
          {words.nav.about}
        </Link>
      </footer>
    </>
  );
}
