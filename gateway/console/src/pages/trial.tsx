// "Mag dit?": what the gate would say now, without asking anybody for anything.
import { useState, type FormEvent } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { client, signed, take } from '../api';
import { Button } from '../parts/basic';
import { Explanation } from '../parts/explanation';
import { Checks, ErrorSummary, Select, TextField } from '../parts/form';
import { Await, Failure, Page, Section } from '../parts/page';
import { useSpoken } from '../words/words';

export function Trial() {
  const { words, language } = useSpoken();
  const [query] = useSearchParams();
  const [purpose, setPurpose] = useState(query.get('doel') ?? '');
  const [service, setService] = useState('');
  const [elements, setElements] = useState<string[]>([]);
  const [volume, setVolume] = useState<'een-persoon' | 'lijst'>('een-persoon');
  const [signal, setSignal] = useState('');
  const [tries, setTries] = useState(0);
  const purposes = useQuery({
    queryKey: ['purposes', 'choice', language],
    queryFn: () => take(client.GET('/doelen', { params: { query: { aantal: 100 } } })),
  });
  const services = useQuery({
    queryKey: ['services', 'choice', language],
    queryFn: () => take(client.GET('/diensten', { params: { query: { aantal: 100 } } })),
  });
  const offered = useQuery({
    queryKey: ['service', service, language],
    queryFn: () => take(client.GET('/diensten/{id}', { params: { path: { id: service } } })),
    enabled: service !== '',
  });
  const trial = useMutation({
    mutationFn: () =>
      take(
        client.POST('/proefvragen', {
          params: { header: signed() },
          body: { doel: purpose, dienst: service, gegevens: elements, omvang: volume, ...(signal ? { aanleiding: signal } : {}) },
        }),
      ),
  });
  // An answer stands below its own question alone.
  const asking =
    <Value,>(set: (next: Value) => void) =>
    (next: Value) => {
      trial.reset();
      set(next);
    };
  const errors: [string, string][] = [];
  if (tries > 0 && purpose === '') errors.push(['purpose', words.trial.purposeMissing]);
  if (tries > 0 && service === '') errors.push(['service', words.trial.serviceMissing]);
  if (tries > 0 && service !== '' && elements.length === 0) errors.push(['elements', words.trial.elementsMissing]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (purpose && service && elements.length > 0) trial.mutate();
  };
  const errorOf = (id: string) => errors.find(([each]) => each === id)?.[1];
  return (
    <Page title={words.nav.trial} lead={words.trial.lead}>
      <ErrorSummary errors={errors} shown={tries} />
      <form className="form" onSubmit={submit} noValidate>
        <Await asked={purposes}>
          {({ resultaten }) => (
            <Select
              id="purpose"
              label={words.trial.purpose}
              help={words.trial.purposeHelp}
              value={purpose}
              change={asking(setPurpose)}
              error={errorOf('purpose')}
              options={[['', words.form.choose], ...resultaten.map(({ id, titel }): [string, string] => [id, titel])]}
            />
          )}
        </Await>
        <Await asked={services}>
          {({ resultaten }) => (
            <Select
              id="service"
              label={words.trial.service}
              value={service}
              change={asking((next) => {
                setService(next);
                setElements([]);
              })}
              error={errorOf('service')}
              options={[['', words.form.choose], ...resultaten.map(({ id, titel, aanbiederNaam }): [string, string] => [id, `${titel} (${aanbiederNaam})`])]}
            />
          )}
        </Await>
        {service !== '' && (
          <Await asked={offered}>
            {({ gegevens }) => (
              <div id="elements" tabIndex={-1}>
                <Checks
                  legend={words.trial.elements}
                  chosen={elements}
                  change={asking(setElements)}
                  options={gegevens.map((each) => ({ value: each.id, name: each.naam, help: each.bescherming ? words.protections[each.bescherming] : each.categorie }))}
                />
              </div>
            )}
          </Await>
        )}
        <Select
          id="volume"
          label={words.trial.volume}
          value={volume}
          change={asking((next) => setVolume(next as typeof volume))}
          options={[
            ['een-persoon', words.trial.one],
            ['lijst', words.trial.many],
          ]}
        />
        <TextField id="signal" label={words.trial.signal} help={words.trial.signalHelp} value={signal} change={asking(setSignal)} />
        <div>
          <Button kind="primary" type="submit" disabled={trial.isPending}>
            {words.trial.go}
          </Button>
        </div>
      </form>
      <div aria-live="polite">
        {trial.error && <Failure error={trial.error} />}
        {trial.data && (
          <Section title={words.trial.answer}>
            <Explanation explained={trial.data} />
          </Section>
        )}
      </div>
    </Page>
  );
}
