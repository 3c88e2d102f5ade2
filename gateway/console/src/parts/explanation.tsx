// Why a decision is what it is: the first reason, what now, each data element, the rest. The same in the drawer, on a
// page of its own, and for a question that was only tried.
import type { ReactNode } from 'react';
import type { Schemas } from '../api';
import { useWords } from '../words/words';
import { Alert, Badge, Code, Facts, Heading, Link, OutsideLink, type Tone } from './basic';
import { Icon } from './icon';

export type Explained = Schemas['Uitleg'];

export const verdictTone = (verdict: Explained['oordeel']): Tone =>
  verdict === 'toegestaan' ? 'success' : verdict === 'geminimaliseerd' ? 'warning' : 'danger';

export function Verdict({ of }: { of: Pick<Explained, 'oordeel' | 'soort'> }) {
  const words = useWords();
  return (
    <Badge tone={verdictTone(of.oordeel)}>
      {words.verdicts[of.oordeel]}
      {of.soort && ` · ${words.kinds[of.soort]}`}
    </Badge>
  );
}

function names(explained: Explained, ids: string[]) {
  return ids.map((id) => explained.gegevens.find((each) => each.id === id)?.naam ?? id);
}

export function First({ explained }: { explained: Explained }) {
  const words = useWords();
  const reason = explained.redenen.find((each) => each.gevolg === 'blokkeert') ?? explained.redenen[0];
  if (explained.oordeel === 'toegestaan' || reason === undefined)
    return (
      <Alert kind="ok" title={words.verdicts[explained.oordeel]}>
        <p>{explained.samenvatting}</p>
      </Alert>
    );
  const about = names(explained, reason.elementen);
  return (
    <Alert kind={explained.oordeel === 'geblokkeerd' ? 'error' : 'warning'} title={reason.kort}>
      <p>{reason.uitleg}</p>
      {about.length > 0 && (
        <p>
          {words.explained.about} <strong>{about.join(', ')}</strong>
        </p>
      )}
    </Alert>
  );
}

export function Next({ explained }: { explained: Explained }) {
  const words = useWords();
  if (explained.oordeel === 'toegestaan') return null;
  return (
    <section className="section">
      <Heading level={3}>{words.explained.next}</Heading>
      {explained.structureleLeemte && <p>{words.explained.gap}</p>}
      {explained.wetOntbreekt && !explained.structureleLeemte && <p>{words.explained.noLaw}</p>}
      {explained.watNu.length > 0 && (
        <>
          {explained.watNu.length > 1 && <p>{explained.samenGenoeg ? words.explained.together : words.explained.each}</p>}
          <ul className="dots">
            {explained.watNu.map((each) => (
              <li key={each.code + each.wat}>
                {each.wat}
                {each.wie && <span className="subtle"> {words.explained.who(each.wie)}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      {explained.watNu.length === 0 && !explained.wetOntbreekt && explained.redenen[0] && <p>{explained.redenen[0].nodig}</p>}
    </section>
  );
}

export function Elements({ explained }: { explained: Explained }) {
  const words = useWords();
  if (explained.gegevens.length === 0) return null;
  return (
    <section className="section">
      <Heading level={3}>{words.explained.elements}</Heading>
      <ul className="elements">
        {explained.gegevens.map((each) => (
          <li key={each.id}>
            <span className={each.gaatDoor ? 'yes' : 'no'}>
              <Icon name={each.gaatDoor ? 'check' : 'refused'} />
            </span>
            <span>
              <strong>{each.naam}</strong> <span className="subtle small">{each.categorie}</span>
              <br />
              <span className="long small">
                <Code>{each.id}</Code>
              </span>
            </span>
            <span className={each.gaatDoor ? 'yes' : 'no'}>
              {each.gaatDoor ? words.explained.passes : words.explained.stays}
              {each.waarom.length > 0 && (
                <span className="small">
                  {' · '}
                  <Code>{each.waarom.join(', ')}</Code>
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {explained.oordeel === 'geblokkeerd' && explained.gegevens.some((each) => each.gaatDoor) && (
        <p className="subtle small">{words.explained.nothingPassed}</p>
      )}
    </section>
  );
}

export function Reasons({ explained }: { explained: Explained }) {
  const words = useWords();
  if (explained.redenen.length === 0) return null;
  return (
    <section className="section">
      <Heading level={3}>{words.explained.all}</Heading>
      <ul className="plain stack">
        {explained.redenen.map((each) => (
          <li key={each.code + each.over + each.uitleg}>
            <p>
              <strong>{each.kort}</strong> <Code>{each.code}</Code> <Badge tone={each.gevolg === 'blokkeert' ? 'danger' : 'neutral'}>{words.effects[each.gevolg]}</Badge>
            </p>
            <p>{each.uitleg}</p>
            <p className="subtle small">{each.wet}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Grounds({ explained }: { explained: Explained }) {
  const words = useWords();
  return (
    <section className="section">
      <Heading level={3}>{words.explained.grounds}</Heading>
      {explained.grondslagen.length === 0 ? (
        <p>{words.explained.noGrounds}</p>
      ) : (
        <ul className="dots">
          {explained.grondslagen.map((each) => (
            <li key={each.id}>
              <Link to={`/grondslagen/${each.id}`}>
                {words.bases.named(each.wet, each.artikel)}
              </Link>
              {': '}
              {each.stand}
              {each.verwijzing && (
                <>
                  {' · '}
                  <OutsideLink href={each.verwijzing}>{words.bases.text}</OutsideLink>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function Explanation({ explained, asked }: { explained: Explained; asked?: [string, ReactNode][] }) {
  const words = useWords();
  return (
    <>
      <First explained={explained} />
      <Next explained={explained} />
      <Elements explained={explained} />
      {asked && (
        <section className="section">
          <Heading level={3}>{words.explained.question}</Heading>
          <Facts of={asked} />
        </section>
      )}
      <Grounds explained={explained} />
      <Reasons explained={explained} />
    </>
  );
}
