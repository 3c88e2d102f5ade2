// One decision with its reasons, on a page of its own or in the drawer over a list.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { client, take, type Schemas } from '../api';
import { Alert, Button, Code, Facts, Heading, Link } from '../parts/basic';
import { Explanation, Verdict } from '../parts/explanation';
import { Await, Page } from '../parts/page';
import { moment, number } from '../words/format';
import { useSpoken, useWords } from '../words/words';

export type Decided = Schemas['BesluitVolledig'];

export function useDecision(id: string) {
  const { language } = useSpoken();
  return useQuery({
    queryKey: ['decision', id, language],
    queryFn: () => take(client.GET('/besluiten/{id}', { params: { path: { id } } })),
  });
}

export function titleOf(words: ReturnType<typeof useWords>, verdict: Decided['oordeel']) {
  return verdict === 'geblokkeerd' ? words.decision.whyRefused : verdict === 'geminimaliseerd' ? words.decision.whyLess : words.decision.whyPermitted;
}

function CopyButton({ text }: { text: string }) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  return (
    <>
      <Button
        kind="subtle"
        icon="copy"
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {words.decision.copy}
      </Button>
      <span role="status">{copied ? words.decision.copied : ''}</span>
    </>
  );
}

export function DecisionBody({ of }: { of: Decided }) {
  const { words, language } = useSpoken();
  return (
    <>
      <Explanation
        explained={of}
        asked={[
          [words.decision.when, moment(of.op, language)],
          [words.decision.consumer, of.vragerNaam || of.vrager],
          [words.decision.behalf, of.namens],
          [words.decision.provider, of.aanbiederNaam || of.aanbieder],
          [words.decision.service, of.dienstTitel || of.dienst],
          [words.decision.operation, of.bewerking && <Code>{of.bewerking}</Code>],
          [words.decision.purpose, of.doelTitel ? <Link to={`/doelen/${of.doel}`}>{of.doelTitel}</Link> : of.doel || words.decision.noPurpose],
        ]}
      />
      <section className="section">
        <Heading level={3}>{words.decision.proof}</Heading>
        {!of.bewijs.opnieuwGelijk && (
          <Alert kind="warning" title={words.decision.differs}>
            <p>{words.decision.differsText}</p>
          </Alert>
        )}
        <Facts
          of={[
            [words.decision.reference, <Code key="id">{of.id}</Code>],
            [words.decision.place, number(of.bewijs.plaats, language)],
            [words.decision.registers, number(of.bewijs.registerversie, language)],
            [words.decision.rules, <span key="rules" className="long small"><Code>{of.bewijs.regels}</Code></span>],
            [words.decision.again, of.bewijs.opnieuwGelijk ? words.decision.same : words.decision.other],
          ]}
        />
        <p className="subtle small section">{words.decision.proveIt}</p>
        <p className="small">
          <Code>koppelpoort ledger prove {of.id}</Code>
        </p>
      </section>
      <div className="buttons section">
        <CopyButton text={of.id} />
      </div>
    </>
  );
}

export function Decision() {
  const words = useWords();
  const { id = '' } = useParams();
  const asked = useDecision(id);
  const title = asked.data ? titleOf(words, asked.data.oordeel) : words.decision.title;
  return (
    <Page
      title={title}
      crumbs={[['/besluiten', words.nav.decisions]]}
      meta={
        asked.data && (
          <>
            <Verdict of={asked.data} />
            <Code>{id}</Code>
          </>
        )
      }
      actions={
        <Button icon="print" onClick={() => window.print()}>
          {words.shell.print}
        </Button>
      }
    >
      <Await asked={asked}>{(data) => <DecisionBody of={data} />}</Await>
    </Page>
  );
}
