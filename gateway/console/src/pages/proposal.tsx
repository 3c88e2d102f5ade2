// Everything that is needed to judge one proposal, on one page, with the judgement beside it.
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { client, take, takeWhole, type Schemas } from '../api';
import { contentOf, type Content, type EvidenceEntry, type NecessityEntry, type PurposeEntry } from '../content';
import { Alert, Badge, Button, ButtonLink, Code, Facts, Heading, Link, Typed } from '../parts/basic';
import { useReasonNames } from '../parts/decision_list';
import { Flow } from '../parts/flow';
import { Icon } from '../parts/icon';
import { Await, Page, Section } from '../parts/page';
import { usePerson } from '../session';
import { day, moment, number } from '../words/format';
import { useSpoken, useWords } from '../words/words';
import { GroundList, useConditions } from './bases';
import { Judgement } from './judgement';
import { StateBadge } from './queue';

export type Proposed = Schemas['Voorstel'];
type Flows = Schemas['Stroom'][];

export function useProposal(id: string) {
  const { language } = useSpoken();
  return useQuery({
    queryKey: ['proposal', id, language],
    queryFn: () => takeWhole(client.GET('/voorstellen/{id}', { params: { path: { id } } })),
    enabled: id !== '',
  });
}

export function usePreview(id: string, version: number | undefined) {
  const { language } = useSpoken();
  return useQuery({
    queryKey: ['preview', id, version, language],
    queryFn: () => take(client.GET('/voorstellen/{id}/toets', { params: { path: { id } } })),
    enabled: id !== '' && version !== undefined,
  });
}

// What the gate itself finds, before anybody judges.
export function Points({ flows }: { flows: Flows }) {
  const words = useWords();
  const open = flows.flatMap((flow) => flow.redenen.filter(({ gevolg }) => gevolg !== 'opmerking').map((reason) => ({ flow, reason })));
  if (flows.length === 0) return <Alert kind="warning" title={words.proposal.noFlows}>{<p>{words.proposal.noFlowsNext}</p>}</Alert>;
  if (open.length === 0)
    return (
      <Alert kind="ok" title={words.proposal.noPoints}>
        <p>{words.proposal.noPointsText}</p>
      </Alert>
    );
  return (
    <Alert kind="warning" title={words.proposal.points(open.length)}>
      <ul className="dots">
        {open.map(({ flow, reason }) => (
          <li key={flow.dienst + reason.code + reason.uitleg}>
            <strong>{flow.dienstTitel}</strong>: {reason.uitleg} <Code>{reason.code}</Code>
            {reason.nodig && <span className="subtle"> {reason.nodig}</span>}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

// What was really asked under this purpose, decided on what is in force and on this proposal.
function Rehearsed({ of }: { of: NonNullable<Flows[number]['nagespeeld']> }) {
  const { words, language } = useSpoken();
  const reasons = useReasonNames();
  const text = (counts: typeof of.nu) =>
    words.proposal.verdicts(number(counts.toegestaan, language), number(counts.geminimaliseerd, language), number(counts.geblokkeerd, language));
  return (
    <div className="small">
      <p>{words.proposal.rehearsed(of.vragen)}</p>
      <ul className="dots">
        <li>{words.proposal.now(text(of.nu), number(of.gegevensNu, language))}</li>
        <li>{words.proposal.then(text(of.straks), number(of.gegevensStraks, language))}</li>
        {of.redenen.map(({ code, aantal }) => (
          <li key={code}>
            {words.proposal.because(number(aantal, language), reasons.get(code)?.kort ?? code)} <Code>{code}</Code>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function PreviewTable({ flows }: { flows: Flows }) {
  const words = useWords();
  return (
    <ul className="elements">
      {flows.map((flow) => {
        const passes = flow.oordeel !== 'geblokkeerd';
        return (
          <li key={flow.doel + flow.dienst}>
            <span className={passes ? 'yes' : 'no'}>
              <Icon name={passes ? 'check' : 'refused'} />
            </span>
            <span>
              <strong>{flow.dienstTitel}</strong>
              <br />
              <span className="subtle small">{words.proposal.passes(flow.elementen.length)}</span>
              {flow.nagespeeld === null ? (
                <span className="subtle small">
                  <br />
                  {words.proposal.neverAsked}
                </span>
              ) : (
                <Rehearsed of={flow.nagespeeld} />
              )}
              {flow.redenen
                .filter(({ gevolg }) => gevolg === 'opmerking')
                .map((reason) => (
                  <span className="subtle small" key={reason.uitleg}>
                    <br />
                    {reason.uitleg} <Code>{reason.code}</Code>
                  </span>
                ))}
            </span>
            <span className={passes ? 'yes' : 'no'}>{words.verdicts[flow.oordeel]}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Purpose({ of }: { of: PurposeEntry }) {
  const { words, language } = useSpoken();
  const goals = useWordsOfLaw();
  return (
    <>
      {of.description && (
        <p>
          <Typed>{of.description}</Typed>
        </p>
      )}
      <Facts
        of={[
          [words.purpose.id, <Code key="id">{of.id}</Code>],
          [words.purpose.goal, goals.goal(of.goal)],
          [words.purpose.role, goals.role(of.role)],
          [words.purpose.capacities, of.capacities?.map((each) => words.capacities[each as keyof typeof words.capacities] ?? each).join(', ')],
          [words.purpose.excess, of.excess && words.excess[of.excess]],
          [words.purpose.retention, of.retention_months !== undefined && words.purpose.months(of.retention_months)],
          [words.purpose.lookBack, of.look_back_months !== undefined && words.purpose.months(of.look_back_months)],
          [words.purpose.review, of.review_by && day(of.review_by, language)],
          [words.purpose.risk, words.risks[of.residual_risk ?? 'high']],
          [words.purpose.algorithm, of.algorithm],
        ]}
      />
    </>
  );
}

// What tasks and roles are called.
export function useWordsOfLaw() {
  const { language } = useSpoken();
  const asked = useQuery({
    queryKey: ['words of law', language],
    queryFn: () => take(client.GET('/begrippen')),
    staleTime: Infinity,
  });
  return {
    goals: asked.data?.taken ?? [],
    roles: asked.data?.rollen ?? [],
    goal: (id: string) => asked.data?.taken.find((each) => each.id === id)?.naam ?? id,
    role: (id: string) => asked.data?.rollen.find((each) => each.id === id)?.naam ?? id,
  };
}

function Changes({ of }: { of: Proposed }) {
  const words = useWords();
  const shown = of.wijzigingen.filter(({ nieuw, velden }) => nieuw || velden.length > 0);
  const text = (value: unknown): string =>
    value === null || value === undefined ? '—' : typeof value === 'string' ? value : Array.isArray(value) && value.every((each) => typeof each === 'string') ? value.join(', ') : JSON.stringify(value);
  if (shown.length === 0) return <p>{words.proposal.noChanges}</p>;
  return (
    <ul className="plain stack">
      {shown.map((change) => (
        <li key={change.soort + change.id}>
          <p>
            <span className="yes">
              <Icon name={change.nieuw ? 'plus' : 'changed'} />
            </span>{' '}
            <strong>{change.nieuw ? words.proposal.added : words.proposal.changed}</strong> {words.entryKinds[change.soort]} <Code>{change.id}</Code>
          </p>
          {change.velden.map(({ veld, was, wordt }) => (
            <dl key={veld} className="small long">
              <dt className="subtle">{words.fields[veld as keyof typeof words.fields] ?? veld}</dt>
              <dd>
                <del>{text(was)}</del> → <ins>{text(wordt)}</ins>
              </dd>
            </dl>
          ))}
        </li>
      ))}
    </ul>
  );
}

export function Evidence({ of, bases }: { of: EvidenceEntry[]; bases: string[] }) {
  const { words, language } = useSpoken();
  const conditions = useConditions(bases);
  if (of.length === 0) return <p>{words.purpose.noEvidence}</p>;
  return (
    <Facts
      of={of.map((each): [string, React.ReactNode] => [
        words.evidence[each.for as keyof typeof words.evidence] ?? conditions.get(each.for) ?? each.for,
        <>
          <Typed>{each.reference}</Typed>
          {each.from && <span className="subtle small"> {words.purpose.from(day(each.from, language))}</span>}
          {each.until && <span className="subtle small"> {words.purpose.until(day(each.until, language))}</span>}
        </>,
      ])}
    />
  );
}

export function Necessity({
  of,
  elements,
  stopped,
}: {
  of: Pick<NecessityEntry, 'service' | 'elements' | 'proportionality' | 'subsidiarity'>;
  elements: Schemas['Gegeven'][];
  stopped: Map<string, string[]>;
}) {
  const words = useWords();
  return (
    <div className="section">
      <Heading level={3}>{of.service}</Heading>
      <ul className="elements">
        {of.elements.map((id) => {
          const element = elements.find((each) => each.id === id);
          const codes = stopped.get(id);
          return (
            <li key={id} className={codes ? 'marked' : ''}>
              <span className={codes ? 'no' : 'yes'}>
                <Icon name={codes ? 'warning' : 'check'} />
              </span>
              <span>
                <strong>{element?.naam ?? id}</strong> {element?.bescherming && <Badge tone="warning">{words.protections[element.bescherming]}</Badge>}
                <br />
                <span className="small subtle">{element?.categorie}</span>{' '}
                <span className="small long">
                  <Code>{id}</Code>
                </span>
              </span>
              <span className={codes ? 'no' : 'yes'}>{codes ? <Code>{codes.join(', ')}</Code> : words.proposal.fine}</span>
            </li>
          );
        })}
      </ul>
      <div className="stack section">
        <div>
          <Heading level={3}>{words.purpose.proportionality}</Heading>
          <p>{of.proportionality ? <Typed>{of.proportionality}</Typed> : words.purpose.notFilled}</p>
        </div>
        <div>
          <Heading level={3}>{words.purpose.subsidiarity}</Heading>
          <p>{of.subsidiarity ? <Typed>{of.subsidiarity}</Typed> : words.purpose.notFilled}</p>
        </div>
      </div>
    </div>
  );
}

// Which data the gate has something against, and with which codes; what is wrong with the whole is said at the top.
function stoppedIn(flow: Flows[number] | undefined): Map<string, string[]> {
  const stopped = new Map<string, string[]>();
  for (const { code, elementen, gevolg } of flow?.redenen ?? [])
    if (gevolg !== 'opmerking') for (const id of elementen) stopped.set(id, [...new Set([...(stopped.get(id) ?? []), code])]);
  return stopped;
}

function Body({ proposal, content, flows }: { proposal: Proposed; content: Content; flows: Flows }) {
  const { words, language } = useSpoken();
  const flowOf = (entry: NecessityEntry) => flows.find((each) => each.doel === entry.purpose && each.dienst === entry.service);
  const nameOf = (entry: NecessityEntry) => flowOf(entry)?.dienstTitel ?? entry.service;
  return (
    <>
      <Points flows={flows} />
      {content.purpose.map((each) => (
        <Section key={each.id} title={content.purpose.length > 1 ? each.title : words.proposal.short}>
          <Purpose of={each} />
        </Section>
      ))}
      <Section title={words.proposal.changes}>
        <Changes of={proposal} />
      </Section>
      {content.purpose.map((each) => (
        <Section key={each.id} title={words.proposal.grounds}>
          <GroundList ids={each.bases} />
        </Section>
      ))}
      {content.necessity.length > 0 && (
        <Section title={words.proposal.necessity}>
          {content.necessity.map((each) => (
            <Necessity key={each.id} of={{ ...each, service: nameOf(each) }} elements={proposal.gegevens} stopped={stoppedIn(flowOf(each))} />
          ))}
        </Section>
      )}
      {content.necessity.length > 0 && (
        <Section title={words.proposal.linkage}>
          <Flow
            title={words.proposal.flowTitle}
            flows={content.necessity.map((each) => ({
              from: nameOf(each),
              to: content.purpose.find(({ id }) => id === each.purpose)?.title ?? each.purpose,
              count: each.elements.length,
              open: flowOf(each)?.oordeel !== 'geblokkeerd',
            }))}
          />
          {content.linkage.map((each) => (
            <div key={each.id} className="section stack">
              <Heading level={3}>
                <Typed>{each.title}</Typed>
              </Heading>
              <Facts
                of={[
                  [words.linkages.sources, each.sources.join(', ')],
                  [words.linkages.key, <Code key="key">{each.join_key}</Code>],
                  [words.purpose.proportionality, <Typed key="p">{each.proportionality}</Typed>],
                  [words.purpose.subsidiarity, <Typed key="s">{each.subsidiarity}</Typed>],
                ]}
              />
            </div>
          ))}
        </Section>
      )}
      {content.purpose.map((each) => (
        <Section key={each.id} title={words.proposal.evidence}>
          <Evidence of={each.evidence ?? []} bases={each.bases} />
        </Section>
      ))}
      <Section title={words.proposal.ifApproved}>
        <PreviewTable flows={flows} />
      </Section>
      <Section title={words.proposal.history}>
        <ol className="plain stack">
          {[...proposal.stappen].reverse().map((each, index) => (
            <li key={index}>
              <strong>{words.steps[each.stap]}</strong> <span className="subtle">{words.proposal.byAt(each.naam, each.op ? moment(each.op, language) : '')}</span>
              {each.toelichting && (
                <p>
                  <Typed>{each.toelichting}</Typed>
                </p>
              )}
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}

export function Proposal() {
  const { words, language } = useSpoken();
  const person = usePerson();
  const { id = '' } = useParams();
  const asked = useProposal(id);
  const preview = usePreview(id, asked.data?.data.versie);
  const proposal = asked.data?.data;
  const title = proposal?.doelen.map(({ titel }) => titel).join(', ') || words.queue.linkageOnly(id);
  const own = proposal !== undefined && proposal.stappen.some(({ account }) => account === person.id);
  return (
    <Page
      title={title}
      crumbs={[['/voorstellen', words.nav.proposals]]}
      meta={
        proposal && (
          <>
            <StateBadge state={proposal.toestand} />
            <Code>{proposal.id}</Code>
            <span>{words.proposal.version(proposal.versie)}</span>
          </>
        )
      }
      lead={proposal?.ingediendOp && words.proposal.submitted(moment(proposal.ingediendOp, language), proposal.van)}
      actions={
        <>
          {proposal?.toestand === 'concept' && own && (
            <ButtonLink to={`/voorstellen/${id}/bewerken`} kind="primary">
              {words.proposal.edit}
            </ButtonLink>
          )}
          {proposal?.toestand === 'in-werking' && proposal.doelen[0] && <Link to={`/doelen/${proposal.doelen[0].id}`}>{words.proposal.toPurpose}</Link>}
          <Button icon="print" onClick={() => window.print()}>
            {words.shell.print}
          </Button>
        </>
      }
    >
      <Await asked={asked}>
        {({ data, tag }) => (
          <div className="with-decision">
            <div>
              <Await asked={preview}>{({ stromen }) => <Body proposal={data} content={contentOf(data)} flows={stromen} />}</Await>
            </div>
            <Judgement proposal={data} tag={tag} />
          </div>
        )}
      </Await>
    </Page>
  );
}
