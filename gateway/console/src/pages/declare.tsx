// Writing a purpose down: what for, on which basis, which data and why, and what shows that the rest is in order. What is
// still missing the gate says once the draft is kept; nobody else sees it before it is submitted.
import { useState, type FormEvent } from 'react';
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { client, once, signed, take } from '../api';
import { contentOf, type Content, type EvidenceEntry, type NecessityEntry, type PurposeEntry } from '../content';
import { Alert, Button, Heading } from '../parts/basic';
import { Checks, ErrorSummary, Radios, Select, TextArea, TextField } from '../parts/form';
import { Await, Failure, Page, Section } from '../parts/page';
import { usePerson } from '../session';
import { templates } from '../templates';
import { useSpoken, useWords } from '../words/words';
import { useProposal, useWordsOfLaw } from './proposal';

const shownBases = 12;

// An id out of a title: small letters, digits and hyphens.
const idOf = (title: string) =>
  title
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48);

function useBases() {
  const { language } = useSpoken();
  const page = (number: number) => ({
    queryKey: ['bases', 'choice', number, language],
    queryFn: () => take(client.GET('/grondslagen', { params: { query: { pagina: number, aantal: 100 } } })),
    staleTime: Infinity,
  });
  const [first, second] = useQueries({ queries: [page(1), page(2)] });
  return [...(first?.data?.resultaten ?? []), ...(second?.data?.resultaten ?? [])];
}

function BasisChoice({ chosen, change, error }: { chosen: string[]; change: (next: string[]) => void; error: string | undefined }) {
  const words = useWords();
  const bases = useBases();
  const [search, setSearch] = useState('');
  const parts = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = bases.filter((each) => {
    const text = `${each.wet} ${each.artikel} ${each.waarvoor} ${each.id}`.toLowerCase();
    return parts.every((part) => text.includes(part));
  });
  const shown = [...bases.filter(({ id }) => chosen.includes(id)), ...(parts.length === 0 ? [] : fits.filter(({ id }) => !chosen.includes(id)).slice(0, shownBases))];
  return (
    <div className="stack">
      <TextField id="bases" label={words.declare.searchBasis} help={words.declare.searchBasisHelp} value={search} change={setSearch} error={error} />
      {shown.length > 0 && (
      <Checks
        legend={words.declare.bases}
        chosen={chosen}
        change={change}
        options={shown.map((each) => ({
          value: each.id,
          name: words.bases.named(each.wet, each.artikel),
          help: (
            <>
              {each.waarvoor} ({words.lawStates[each.stand]})
            </>
          ),
        }))}
      />
      )}
      <p className="subtle small" role="status">
        {parts.length > 0 && words.declare.basesFound(fits.length)}
      </p>
    </div>
  );
}

function NecessityForm({ of, change, remove, number }: { of: NecessityEntry; change: (next: NecessityEntry) => void; remove: () => void; number: number }) {
  const { words, language } = useSpoken();
  const services = useQuery({
    queryKey: ['services', 'choice', language],
    queryFn: () => take(client.GET('/diensten', { params: { query: { aantal: 100 } } })),
  });
  const offered = useQuery({
    queryKey: ['service', of.service, language],
    queryFn: () => take(client.GET('/diensten/{id}', { params: { path: { id: of.service } } })),
    enabled: of.service !== '',
  });
  return (
    <fieldset className="stack section">
      <legend>
        <Heading level={3}>{words.declare.sourceNumber(number)}</Heading>
      </legend>
      <Select
        id={`service-${number}`}
        label={words.trial.service}
        value={of.service}
        change={(service) => change({ ...of, service, elements: [] })}
        options={[['', words.form.choose], ...(services.data?.resultaten ?? []).map(({ id, titel, aanbiederNaam }): [string, string] => [id, `${titel} (${aanbiederNaam})`])]}
      />
      {of.service !== '' && (
        <Await asked={offered}>
          {({ gegevens }) => (
            <Checks
              legend={words.declare.elements}
              chosen={of.elements}
              change={(elements) => change({ ...of, elements })}
              options={gegevens.map((each) => ({ value: each.id, name: each.naam, help: each.bescherming ? words.protections[each.bescherming] : each.categorie }))}
            />
          )}
        </Await>
      )}
      <TextArea
        id={`proportionality-${number}`}
        label={words.declare.proportionality}
        help={words.declare.proportionalityHelp}
        value={of.proportionality}
        change={(proportionality) => change({ ...of, proportionality })}
      />
      <TextArea
        id={`subsidiarity-${number}`}
        label={words.declare.subsidiarity}
        help={words.declare.subsidiarityHelp}
        value={of.subsidiarity}
        change={(subsidiarity) => change({ ...of, subsidiarity })}
      />
      <div>
        <Button kind="subtle" icon="close" onClick={remove}>
          {words.declare.removeSource}
        </Button>
      </div>
    </fieldset>
  );
}

// One row for each thing that must be shown: a DPIA, that people are told, and what the chosen laws ask.
function EvidenceForm({ bases, evidence, change }: { bases: string[]; evidence: EvidenceEntry[]; change: (next: EvidenceEntry[]) => void }) {
  const { words, language } = useSpoken();
  const asked = useQueries({
    queries: bases.map((id) => ({
      queryKey: ['basis', id, '', language],
      queryFn: () => take(client.GET('/grondslagen/{id}', { params: { path: { id } } })),
      staleTime: Infinity,
    })),
  });
  const conditions = asked.flatMap((each) => each.data?.voorwaarden ?? []).filter((each) => !each.perUitwisseling);
  const rows = [
    { id: 'dpia', name: words.evidence.dpia, help: words.declare.dpiaHelp },
    { id: 'transparency', name: words.evidence.transparency, help: words.declare.transparencyHelp },
    ...conditions.map(({ id, tekst }) => ({ id, name: tekst, help: id })),
  ];
  const set = (id: string, next: Partial<EvidenceEntry>) => {
    const before = evidence.find((each) => each.for === id) ?? { for: id, reference: '' };
    const changed = { ...before, ...next };
    const others = evidence.filter((each) => each.for !== id);
    change(changed.reference === '' && !changed.from ? others : [...others, changed]);
  };
  return (
    <div className="stack">
      {rows.map(({ id, name, help }, index) => {
        const entry = evidence.find((each) => each.for === id);
        return (
          <div className="form-row" key={id}>
            <TextField id={`evidence-${index}`} label={name} help={help} value={entry?.reference ?? ''} change={(reference) => set(id, { reference })} />
            <TextField id={`evidence-from-${index}`} label={words.declare.since} type="date" value={entry?.from ?? ''} change={(from) => set(id, { from })} />
          </div>
        );
      })}
    </div>
  );
}

// Each with an id of its own: the first number that nobody has.
function named(necessity: NecessityEntry[]): NecessityEntry[] {
  const taken = new Set(necessity.map(({ id }) => id).filter(Boolean));
  return necessity.map((each) => {
    if (each.id) return each;
    let number = 1;
    while (taken.has(`${each.purpose}-${number}`)) ++number;
    const id = `${each.purpose}-${number}`;
    taken.add(id);
    return { ...each, id };
  });
}

// A DPIA is about the services that it was about, and the ones asked now.
const covering = (evidence: EvidenceEntry[], necessity: NecessityEntry[]) =>
  evidence.map((each) =>
    each.for === 'dpia' ? { ...each, covers: [...new Set([...(each.covers ?? []), ...necessity.map(({ service }) => service).filter(Boolean)])] } : each,
  );

// What is not filled in is not sent: an empty text is no answer.
function cleaned(content: Content): Content {
  const drop = <Entry extends object>(entry: Entry): Entry =>
    Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== '' && value !== undefined)) as Entry;
  return {
    purpose: content.purpose.map((each) => drop({ ...each, evidence: covering(each.evidence ?? [], content.necessity).filter(({ reference }) => reference !== '').map(drop) })),
    necessity: named(content.necessity).map(drop),
    linkage: content.linkage,
  };
}

function Form({ start, id, tag }: { start: Content; id: string; tag: string }) {
  const { words, language } = useSpoken();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const lawWords = useWordsOfLaw();
  const [content, setContent] = useState(start);
  const [seen] = useState(tag); // goes with that content, whatever is fetched meanwhile
  const [ownId, setOwnId] = useState(id !== '');
  const [project, setProject] = useState('');
  const [tries, setTries] = useState(0);
  const purpose = content.purpose[0] as PurposeEntry;
  const set = (next: Partial<PurposeEntry>) =>
    setContent({
      ...content,
      purpose: [{ ...purpose, ...next }, ...content.purpose.slice(1)],
      necessity: content.necessity.map((each) => (next.id !== undefined && each.purpose === purpose.id ? { ...each, purpose: next.id } : each)),
    });
  const save = useMutation({
    mutationFn: () => {
      const inhoud = cleaned(content) as unknown as { purpose: object[]; necessity: object[]; linkage: object[] };
      const body = { inhoud: { ...(inhoud.purpose.length ? { purpose: inhoud.purpose } : {}), ...(inhoud.necessity.length ? { necessity: inhoud.necessity } : {}), ...(inhoud.linkage.length ? { linkage: inhoud.linkage } : {}) } } as never;
      return id === ''
        ? take(client.POST('/voorstellen', { params: { header: once() }, body: { ...(body as object), ...(project ? { project } : {}) } as never }))
        : take(client.PUT('/voorstellen/{id}', { params: { path: { id }, header: { ...signed(), 'If-Match': seen } }, body }));
    },
    onSuccess: async (proposal) => {
      await Promise.all(['proposal', 'proposals', 'preview'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      await navigate(`/voorstellen/${proposal.id}`);
    },
  });
  const errors: [string, string][] = [];
  if (tries > 0) {
    if (!purpose.title) errors.push(['title', words.declare.titleMissing]);
    if (!purpose.goal) errors.push(['goal', words.declare.goalMissing]);
    if (!purpose.role) errors.push(['role', words.declare.roleMissing]);
    if (purpose.bases.length === 0) errors.push(['bases', words.declare.basisMissing]);
    content.necessity.forEach((each, index) => {
      if (!each.service || each.elements.length === 0) errors.push([`service-${index + 1}`, words.declare.sourceIncomplete(index + 1)]);
    });
  }
  const errorOf = (field: string) => errors.find(([each]) => each === field)?.[1];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    const whole = purpose.title && purpose.goal && purpose.role && purpose.bases.length > 0 && content.necessity.every(({ service, elements }) => service && elements.length > 0);
    if (whole) save.mutate();
  };
  const own = lawWords.roles.filter(({ eigen }) => eigen);
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} shown={tries} />
      {save.error && errors.length === 0 && <Failure error={save.error} />}
      <Section title={words.declare.partPurpose}>
        <div className="form">
          {id === '' && own.length > 0 && (
            <Select
              id="template"
              label={words.declare.template}
              help={words.declare.templateHelp}
              value=""
              change={(title) => {
                const chosen = templates.find((each) => each.title === title);
                if (chosen !== undefined) set({ ...chosen, ...(ownId ? {} : { id: idOf(chosen.title) }) });
              }}
              options={[
                ['', words.form.choose],
                ...templates
                  .filter(({ role }) => own.some((each) => each.id === role))
                  .map(({ title, title_en }): [string, string] => [title, language === 'nl' ? title : title_en]),
              ]}
            />
          )}
          <TextField
            id="title"
            label={words.declare.purposeTitle}
            help={words.declare.purposeTitleHelp}
            value={purpose.title}
            change={(title) => set({ title, ...(ownId ? {} : { id: idOf(title) }) })}
            error={errorOf('title')}
            required
          />
          <TextField
            id="purpose-id"
            label={words.purpose.id}
            help={words.declare.idHelp}
            value={purpose.id}
            change={(next) => {
              setOwnId(true);
              set({ id: idOf(next) });
            }}
          />
          <TextArea id="description" label={words.declare.description} help={words.declare.descriptionHelp} value={purpose.description ?? ''} change={(description) => set({ description })} rows={3} />
          <Select
            id="goal"
            label={words.declare.goal}
            help={words.declare.goalHelp}
            value={purpose.goal}
            change={(goal) => set({ goal })}
            error={errorOf('goal')}
            options={[['', words.form.choose], ...[...lawWords.goals].sort((a, b) => a.naam.localeCompare(b.naam)).map((each): [string, string] => [each.id, each.naam])]}
          />
          {lawWords.goals.find((each) => each.id === purpose.goal)?.structureleLeemte && (
            <Alert kind="warning" title={words.declare.gapTitle}>
              <p>{words.explained.gap}</p>
            </Alert>
          )}
          <Select
            id="role"
            label={words.declare.role}
            help={words.declare.roleHelp}
            value={purpose.role}
            change={(role) => set({ role })}
            error={errorOf('role')}
            options={[['', words.form.choose], ...own.map((each): [string, string] => [each.id, each.naam])]}
          />
          <Checks
            legend={words.declare.capacities}
            chosen={purpose.capacities ?? []}
            change={(capacities) => set({ capacities })}
            options={Object.entries(words.capacities).map(([value, name]) => ({ value, name }))}
          />
          <TextField
            id="retention"
            label={words.declare.retention}
            help={words.declare.retentionHelp}
            type="number"
            value={purpose.retention_months === undefined ? '' : String(purpose.retention_months)}
            change={(next) => {
              const { retention_months: _, ...rest } = purpose;
              setContent({ ...content, purpose: [next === '' ? rest : { ...rest, retention_months: Number(next) }, ...content.purpose.slice(1)] });
            }}
          />
          <TextField id="review" label={words.declare.review} type="date" value={purpose.review_by ?? ''} change={(review_by) => set({ review_by })} />
          <Radios
            legend={words.declare.excess}
            name="excess"
            value={purpose.excess ?? 'block'}
            change={(excess) => set({ excess: excess as 'block' | 'minimise' })}
            options={[
              { value: 'block', name: words.excess.block },
              { value: 'minimise', name: words.excess.minimise },
            ]}
          />
          <Radios
            legend={words.declare.risk}
            name="risk"
            value={purpose.residual_risk ?? 'high'}
            change={(risk) => set({ residual_risk: risk as 'low' | 'high' })}
            options={[
              { value: 'low', name: words.risks.low },
              { value: 'high', name: words.risks.high, help: words.declare.riskHelp },
            ]}
          />
          {id === '' && <TextField id="project" label={words.declare.project} help={words.declare.projectHelp} value={project} change={setProject} />}
        </div>
      </Section>
      <Section title={words.declare.partBasis}>
        <p className="subtle">{words.declare.basisLead}</p>
        <BasisChoice chosen={purpose.bases} change={(bases) => set({ bases })} error={errorOf('bases')} />
      </Section>
      <Section title={words.declare.partNecessity}>
        <p className="subtle">{words.declare.necessityLead}</p>
        <div className="form">
          {content.necessity.map((each, index) => (
            <NecessityForm
              key={index}
              number={index + 1}
              of={each}
              change={(next) => setContent({ ...content, necessity: content.necessity.map((other, at) => (at === index ? next : other)) })}
              remove={() => setContent({ ...content, necessity: content.necessity.filter((_, at) => at !== index) })}
            />
          ))}
          <div>
            <Button
              icon="plus"
              onClick={() =>
                setContent({
                  ...content,
                  necessity: [...content.necessity, { id: '', purpose: purpose.id, service: '', elements: [], proportionality: '', subsidiarity: '' }],
                })
              }
            >
              {words.declare.addSource}
            </Button>
          </div>
        </div>
      </Section>
      <Section title={words.declare.partEvidence}>
        <p className="subtle">{words.declare.evidenceLead}</p>
        <EvidenceForm bases={purpose.bases} evidence={purpose.evidence ?? []} change={(evidence) => set({ evidence })} />
      </Section>
      <Section title={words.declare.partSave}>
        <p className="subtle">{words.declare.saveLead}</p>
        <div className="buttons section">
          <Button kind="primary" type="submit" disabled={save.isPending}>
            {words.declare.save}
          </Button>
        </div>
      </Section>
    </form>
  );
}

export function Declare() {
  const words = useWords();
  const person = usePerson();
  const { id = '' } = useParams();
  const asked = useProposal(id);
  const empty: Content = {
    purpose: [{ id: '', controller: person.organisatie, role: '', goal: '', title: '', bases: [] }],
    necessity: [],
    linkage: [],
  };
  return (
    <Page title={id === '' ? words.declare.title : words.declare.change} lead={words.declare.lead} crumbs={[['/voorstellen', words.nav.proposals]]}>
      {id === '' ? (
        <Form start={empty} id="" tag="" />
      ) : (
        <Await asked={asked}>{({ data, tag }) => (contentOf(data).purpose.length === 0 ? <p>{words.declare.linkageOnly}</p> : <Form start={contentOf(data)} id={id} tag={tag} />)}</Await>
      )}
    </Page>
  );
}
