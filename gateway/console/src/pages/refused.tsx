// Refused exchanges as they happen: how many, why, and whose it is to mend. What is forbidden, what is missing and what
// could not be decided are never one number.
import { useEffect, useRef, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { client, take } from '../api';
import { Button, Code, Heading } from '../parts/basic';
import { Bars, StackedBars } from '../parts/chart';
import { DecisionTable, OpenedDecision, useReasonNames, type Decided } from '../parts/decision_list';
import { Segmented } from '../parts/form';
import { Listing } from '../parts/listing';
import { Await, Page, Section } from '../parts/page';
import { pageSize, Table, usePageNumber } from '../parts/table';
import { clock, number, shortDay } from '../words/format';
import { useSpoken, useWords } from '../words/words';

const kinds = ['verboden', 'ontbreekt', 'onbeslist'] as const;
type Kind = (typeof kinds)[number];

export interface Filters {
  soort: string;
  doel: string;
  dienst: string;
  code: string;
}

export function useFilters(): [Filters, (change: Partial<Filters>) => void] {
  const [query, setQuery] = useSearchParams();
  const filters = {
    soort: query.get('soort') ?? '',
    doel: query.get('doel') ?? '',
    dienst: query.get('dienst') ?? '',
    code: query.get('code') ?? '',
  };
  const change = (next: Partial<Filters>) =>
    setQuery(
      (old) => {
        const changed = new URLSearchParams(old);
        changed.delete('pagina');
        for (const [name, value] of Object.entries(next))
          if (value) changed.set(name, value);
          else changed.delete(name);
        return changed;
      },
      { replace: true },
    );
  return [filters, change];
}

export function Chips({ filters, change }: { filters: Filters; change: (next: Partial<Filters>) => void }) {
  const words = useWords();
  const reasons = useReasonNames();
  const set = (Object.entries(filters) as [keyof Filters, string][]).filter(([, value]) => value !== '');
  if (set.length === 0) return null;
  const nameOf = (name: keyof Filters, value: string) =>
    name === 'soort' && value in words.kinds ? words.kinds[value as Kind] : name === 'code' ? (reasons.get(value)?.kort ?? value) : value;
  return (
    <ul className="chips" aria-label={words.refused.filters}>
      {set.map(([name, value]) => (
        <li key={name}>
          <Button icon="close" onClick={() => change({ [name]: '' })}>
            {nameOf(name, value)}
            <span className="visually-hidden"> {words.refused.dropFilter}</span>
          </Button>
        </li>
      ))}
      {set.length > 1 && (
        <li>
          <Button kind="subtle" onClick={() => change({ soort: '', doel: '', dienst: '', code: '' })}>
            {words.refused.dropAll}
          </Button>
        </li>
      )}
    </ul>
  );
}

type Live = 'on' | 'paused' | 'broken';

// Counts what comes in; the rows themselves wait until somebody asks for them. Goes on where it was cut off: the
// browser keeps the last id for a broken connection, we keep it for a tab that was hidden.
function useLive(filters: Filters, paused: boolean): { state: Live; waiting: number; clear: () => void } {
  const [waiting, setWaiting] = useState(0);
  const [state, setState] = useState<Live>('on');
  const queries = useQueryClient();
  const last = useRef('');
  const seen = useRef(new Set<string>());
  const key = JSON.stringify(filters);
  useEffect(() => {
    setWaiting(0);
    seen.current.clear();
    last.current = '';
  }, [key]);
  useEffect(() => {
    if (paused) return;
    let source: EventSource | null = null;
    let timer = 0;
    const open = () => {
      const query = new URLSearchParams({ oordeel: 'geblokkeerd' });
      for (const [name, value] of Object.entries(JSON.parse(key) as Filters)) if (value) query.set(name, value);
      if (last.current) query.set('na', last.current);
      source = new EventSource(`/beheer/v1/besluiten/stroom?${query.toString()}`);
      source.addEventListener('open', () => setState('on'));
      source.addEventListener('error', () => {
        setState('broken');
        // The browser tries again by itself, but for an answer that was no stream: then the session may be over.
        if (source?.readyState !== EventSource.CLOSED) return;
        source = null;
        void queries.refetchQueries({ queryKey: ['session'] });
        timer = window.setTimeout(look, 5000);
      });
      source.addEventListener('begin', (event: MessageEvent<string>) => {
        last.current ||= event.lastEventId;
      });
      source.addEventListener('besluit', (event: MessageEvent<string>) => {
        last.current = event.lastEventId;
        const { id } = JSON.parse(event.data) as Decided;
        if (seen.current.has(id)) return;
        seen.current.add(id);
        setWaiting(seen.current.size);
      });
    };
    const look = () => {
      if (document.hidden) {
        source?.close();
        source = null;
      } else if (source === null) open();
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      window.clearTimeout(timer);
      source?.close();
    };
  }, [key, paused, queries]);
  return {
    state: paused ? 'paused' : state,
    waiting,
    clear: () => {
      seen.current.clear();
      setWaiting(0);
    },
  };
}

function Figures({ of }: { of: Record<Kind | 'geminimaliseerd' | 'toegestaan', number> }) {
  const { words, language } = useSpoken();
  return (
    <dl className="figures">
      {([...kinds, 'geminimaliseerd', 'toegestaan'] as const).map((each) => (
        <div key={each}>
          <dt className="subtle small">{words.refused.figures[each]}</dt>
          <dd>{number(of[each], language)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Refused() {
  const { words, language } = useSpoken();
  const queries = useQueryClient();
  const [query, setQuery] = useSearchParams();
  const [filters, change] = useFilters();
  const [paused, setPaused] = useState(false);
  const reasons = useReasonNames();
  const page = usePageNumber();
  const hours = query.get('uren') ?? '24';
  const live = useLive(filters, paused);
  const asked = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));
  const counts = useQuery({
    queryKey: ['counts', hours, filters.doel, filters.dienst],
    queryFn: () =>
      take(
        client.GET('/besluiten/tellingen', {
          params: {
            query: {
              uren: Number(hours) as 1 | 24 | 168 | 720,
              ...(filters.doel ? { doel: filters.doel } : {}),
              ...(filters.dienst ? { dienst: filters.dienst } : {}),
            },
          },
        }),
      ),
    placeholderData: (before) => before,
  });
  const list = useQuery({
    queryKey: ['refused', asked, page],
    queryFn: () =>
      take(client.GET('/besluiten', { params: { query: { oordeel: 'geblokkeerd', ...asked, pagina: page, aantal: pageSize } } })),
    placeholderData: (before) => before,
  });
  const show = () => {
    live.clear();
    void queries.invalidateQueries({ queryKey: ['refused'] });
    void queries.invalidateQueries({ queryKey: ['counts'] });
  };
  const labelOf = (begin: string) => (Number(hours) <= 24 ? clock(begin, language) : shortDay(begin, language));
  return (
    <Page
      title={words.nav.refused}
      lead={words.refused.lead}
      actions={
        <>
          <span role="status" className="subtle small">
            {words.refused.live[live.state]}
          </span>
          <Button icon={paused ? 'play' : 'pause'} onClick={() => setPaused(!paused)}>
            {paused ? words.refused.goOn : words.refused.pause}
          </Button>
        </>
      }
    >
      <Await asked={counts}>
        {(data) => {
          const sums = { verboden: 0, ontbreekt: 0, onbeslist: 0, geminimaliseerd: 0, toegestaan: 0 };
          for (const each of data.perioden) for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += each[name];
          const total = sums.verboden + sums.ontbreekt + sums.onbeslist;
          return (
            <>
              <Figures of={sums} />
              {data.vanaf && <p className="subtle small">{words.refused.since(shortDay(data.vanaf, language), clock(data.vanaf, language))}</p>}
              <Section title={words.refused.overTime}>
                <Segmented
                  legend={words.refused.period}
                  name="uren"
                  value={hours}
                  change={(next) =>
                    setQuery(
                      (old) => {
                        const changed = new URLSearchParams(old);
                        changed.set('uren', next);
                        return changed;
                      },
                      { replace: true },
                    )
                  }
                  options={[
                    ['1', words.refused.hour],
                    ['24', words.refused.dayLong],
                    ['168', words.refused.week],
                    ['720', words.refused.month],
                  ]}
                />
                <StackedBars
                  title={words.refused.chart(number(total, language))}
                  layers={kinds.map((each) => ({ key: each, name: words.kinds[each] }))}
                  labels={data.perioden.map(({ begin }) => labelOf(begin))}
                  values={data.perioden.map((each) => ({ verboden: each.verboden, ontbreekt: each.ontbreekt, onbeslist: each.onbeslist }))}
                  labelEvery={Math.ceil(data.perioden.length / 8)}
                  table={
                    <Table
                      caption={words.refused.overTime}
                      rows={data.perioden}
                      rowKey={({ begin }) => begin}
                      columns={[
                        { name: words.refused.from, cell: ({ begin }) => labelOf(begin) },
                        ...kinds.map((each) => ({ name: words.kinds[each], cell: (row: (typeof data.perioden)[number]) => number(row[each], language), number: true })),
                      ]}
                    />
                  }
                />
              </Section>
              {data.redenen.length > 0 && (
                <Section title={words.refused.reasons}>
                  <p className="subtle small">{words.refused.reasonsHelp}</p>
                  {kinds.map((kind) => {
                    const rows = data.redenen
                      .filter(({ code }) => reasons.get(code)?.soort === kind)
                      .sort((a, b) => b.aantal - a.aantal)
                      .map(({ code, aantal }) => ({
                        key: code,
                        name: (
                          <>
                            {reasons.get(code)?.kort ?? code} <Code>{code}</Code>
                          </>
                        ),
                        count: aantal,
                        layer: kind,
                      }));
                    return rows.length === 0 ? null : (
                      <div key={kind} className="section">
                        <Heading level={3}>{words.refused.kindTitles[kind]}</Heading>
                        <p className="subtle small">{words.refused.kindHelp[kind]}</p>
                        <Bars rows={rows} chosen={filters.code} choose={(code) => change({ code })} />
                      </div>
                    );
                  })}
                </Section>
              )}
            </>
          );
        }}
      </Await>
      <Section title={words.refused.list}>
        <div className="stack">
          <Chips filters={filters} change={change} />
          <div role="status">
            {live.waiting > 0 && (
              <Button className="waiting" icon="up" onClick={show}>
                {words.refused.show(live.waiting)}
              </Button>
            )}
          </div>
          <Listing asked={list} none={Object.keys(asked).length > 0 ? words.refused.noneFiltered : words.refused.none}>
            {(rows) => <DecisionTable caption={words.refused.list} rows={rows} />}
          </Listing>
        </div>
      </Section>
      <OpenedDecision />
    </Page>
  );
}
