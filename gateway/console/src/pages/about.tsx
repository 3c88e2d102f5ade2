// What this is made of, how accessible it is, what it keeps about whoever uses it; and an address that is not there.
import { useQuery } from '@tanstack/react-query';
import { ButtonLink } from '../parts/basic';
import { Page, Section } from '../parts/page';
import { Table } from '../parts/table';
import { useWords } from '../words/words';

export function About() {
  const words = useWords();
  const notices = useQuery({ queryKey: ['notices'], queryFn: async () => (await import('../../generated/notices.json')).default });
  return (
    <Page title={words.nav.about} lead={words.about.lead}>
      <Section title={words.about.parts}>
        <Table
          caption={words.about.parts}
          rows={notices.data ?? []}
          rowKey={({ naam }) => naam}
          columns={[
            { name: words.about.part, cell: ({ naam }) => naam },
            { name: words.about.version, cell: ({ versie }) => versie },
            { name: words.about.licence, cell: ({ licentie }) => licentie },
          ]}
        />
      </Section>
    </Page>
  );
}

export function Accessibility() {
  const words = useWords();
  return (
    <Page title={words.nav.accessibility}>
      <div className="stack">
        {words.accessibility.split('\n').map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </Page>
  );
}

export function Privacy() {
  const words = useWords();
  return (
    <Page title={words.nav.privacy}>
      <div className="stack">
        {words.privacy.split('\n').map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </Page>
  );
}

export function NotFound() {
  const words = useWords();
  return (
    <Page title={words.state.notFound} lead={words.state.notFoundNext}>
      <ButtonLink to="/">{words.nav.start}</ButtonLink>
    </Page>
  );
}
