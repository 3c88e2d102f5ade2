// The board says that it saw the report of a month. The report itself is made by `koppelpoort report`.
import { useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { client, once, take } from '../api';
import { Alert, Button, Code } from '../parts/basic';
import { ErrorSummary, TextArea, TextField } from '../parts/form';
import { Failure, Page, Section } from '../parts/page';
import { useWords } from '../words/words';

const least = 10;

export function Reports() {
  const words = useWords();
  const [month, setMonth] = useState('');
  const [text, setText] = useState('');
  const [tries, setTries] = useState(0);
  const see = useMutation({
    mutationFn: () => take(client.POST('/rapportages/{id}/kennisnemingen', { params: { path: { id: month }, header: once() }, body: { toelichting: text.trim() } })),
    onSuccess: () => {
      setText('');
      setTries(0);
    },
  });
  const errors: [string, string][] = [];
  if (tries > 0 && !/^\d{4}-\d{2}$/.test(month)) errors.push(['month', words.reports.monthMissing]);
  if (tries > 0 && text.trim().length < least) errors.push(['reasons', words.judgement.reasonsMissing(least)]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (/^\d{4}-\d{2}$/.test(month) && text.trim().length >= least) see.mutate();
  };
  const errorOf = (id: string) => errors.find(([each]) => each === id)?.[1];
  return (
    <Page title={words.nav.reports} lead={words.reports.lead}>
      <p>{words.reports.how}</p>
      <p className="section long">
        <Code>koppelpoort report --config koppelpoort.toml --month 2026-11 --letter rapport.pdf</Code>
      </p>
      <Section title={words.reports.seen}>
        <div role="status">{see.isSuccess && tries === 0 && <Alert kind="ok" title={words.reports.done} />}</div>
        <ErrorSummary errors={errors} shown={tries} />
        {see.error && errors.length === 0 && <Failure error={see.error} />}
        <form className="form" onSubmit={submit} noValidate>
          <TextField id="month" label={words.reports.month} help={words.reports.monthHelp} value={month} change={setMonth} error={errorOf('month')} required />
          <TextArea id="reasons" label={words.reports.remark} value={text} change={setText} error={errorOf('reasons')} required />
          <div>
            <Button kind="primary" type="submit" disabled={see.isPending}>
              {words.reports.go}
            </Button>
          </div>
        </form>
      </Section>
    </Page>
  );
}
