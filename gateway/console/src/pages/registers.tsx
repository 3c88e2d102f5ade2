// Organisations and services, as they are registered.
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { client, take } from '../api';
import { Badge, Code, Facts, Link } from '../parts/basic';
import { Listing } from '../parts/listing';
import { Await, Page, Section } from '../parts/page';
import { pageSize, Table, usePageNumber } from '../parts/table';
import { number } from '../words/format';
import { useSpoken, useWords } from '../words/words';

export function Organisations() {
  const words = useWords();
  const page = usePageNumber();
  const list = useQuery({
    queryKey: ['organisations', page],
    queryFn: () => take(client.GET('/organisaties', { params: { query: { pagina: page, aantal: pageSize } } })),
  });
  return (
    <Page title={words.nav.organisations} lead={words.registers.organisationsLead}>
      <Listing asked={list} none={words.state.nothing}>
        {(rows) => (
          <Table
            caption={words.nav.organisations}
            rows={rows}
            rowKey={({ oin }) => oin}
            columns={[
              { name: words.registers.name, cell: ({ naam }) => naam },
              { name: words.registers.oin, cell: ({ oin }) => <Code>{oin}</Code> },
              { name: words.registers.kind, cell: ({ soort }) => words.organisationKinds[soort as keyof typeof words.organisationKinds] ?? soort },
            ]}
          />
        )}
      </Listing>
    </Page>
  );
}

export function Services() {
  const { words, language } = useSpoken();
  const page = usePageNumber();
  const list = useQuery({
    queryKey: ['services', page],
    queryFn: () => take(client.GET('/diensten', { params: { query: { pagina: page, aantal: pageSize } } })),
  });
  return (
    <Page title={words.nav.services} lead={words.registers.servicesLead}>
      <Listing asked={list} none={words.state.nothing}>
        {(rows) => (
          <Table
            caption={words.nav.services}
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              { name: words.registers.service, cell: ({ id, titel }) => <Link to={`/diensten/${id}`}>{titel}</Link> },
              { name: words.registers.provider, cell: ({ aanbiederNaam, aanbieder }) => aanbiederNaam || aanbieder },
              { name: words.registers.source, cell: ({ bron }) => bron },
              { name: words.registers.elements, cell: ({ elementen }) => number(elementen.length, language), number: true },
            ]}
          />
        )}
      </Listing>
    </Page>
  );
}

export function Service() {
  const { words, language } = useSpoken();
  const { id = '' } = useParams();
  const asked = useQuery({
    queryKey: ['service', id, language],
    queryFn: () => take(client.GET('/diensten/{id}', { params: { path: { id } } })),
  });
  return (
    <Page title={asked.data?.titel ?? id} crumbs={[['/diensten', words.nav.services]]} meta={<Code>{id}</Code>}>
      <Await asked={asked}>
        {(data) => (
          <>
            <Facts
              of={[
                [words.registers.provider, data.aanbiederNaam || data.aanbieder],
                [words.registers.source, data.bron],
              ]}
            />
            <Section title={words.registers.elements}>
              <Table
                caption={words.registers.elements}
                rows={data.gegevens}
                rowKey={(each) => each.id}
                columns={[
                  { name: words.registers.element, cell: ({ naam }) => naam },
                  { name: words.registers.category, cell: ({ categorie }) => categorie },
                  { name: words.registers.protection, cell: ({ bescherming }) => bescherming && <Badge tone="warning">{words.protections[bescherming]}</Badge> },
                  { name: words.registers.code, cell: ({ id: element }) => <Code>{element}</Code> },
                ]}
              />
            </Section>
          </>
        )}
      </Await>
    </Page>
  );
}
