// What asks this person's attention: a sentence and a link each, and nothing else.
import { useQuery } from '@tanstack/react-query';
import { client, take } from '../api';
import { Link } from '../parts/basic';
import { Await, Page, Section } from '../parts/page';
import { useMay, usePerson } from '../session';
import { useWaiting } from '../shell';
import { useSpoken } from '../words/words';

export function Home() {
  const { words, language } = useSpoken();
  const person = usePerson();
  const may = useMay();
  const waiting = useWaiting();
  const remarks = useQuery({
    queryKey: ['remarks', language],
    queryFn: () => take(client.GET('/aandachtspunten', { params: { query: { aantal: 8 } } })),
    enabled: may('doelen-zien'),
  });
  const counts = useQuery({
    queryKey: ['counts', '24', '', '', ''],
    queryFn: () => take(client.GET('/besluiten/tellingen', { params: { query: { uren: 24 } } })),
    enabled: may('besluiten-zien'),
  });
  const refused = counts.data?.perioden.reduce((sum, each) => sum + each.verboden + each.ontbreekt + each.onbeslist, 0);
  const nothing = !waiting && !refused && (remarks.data?.totaal ?? 0) === 0;
  return (
    <Page title={words.home.title(person.naam)} lead={words.home.lead} crumbs={null}>
      <ul className="plain stack">
        {waiting !== undefined && waiting > 0 && (
          <li>
            <Link to="/te-beoordelen">{words.home.waiting(waiting)}</Link>
          </li>
        )}
        {refused !== undefined && refused > 0 && (
          <li>
            <Link to="/geweigerd">{words.home.refused(refused)}</Link>
          </li>
        )}
        {nothing && !counts.error && !remarks.error && (!may('besluiten-zien') || counts.data) && (!may('doelen-zien') || remarks.data) && <li>{words.home.nothing}</li>}
      </ul>
      {may('doelen-zien') && (
        <Section title={words.home.due}>
          <Await asked={remarks}>
            {({ totaal, resultaten }) =>
              totaal === 0 ? (
                <p className="subtle">{words.home.nothingDue}</p>
              ) : (
                <>
                  <ul className="dots">
                    {resultaten.map((each) => (
                      <li key={each.waar + each.wat} className="long">
                        {each.voorstel || each.doel ? (
                          <Link to={each.voorstel ? `/voorstellen/${each.voorstel}` : `/doelen/${each.doel}`}>{each.waar}</Link>
                        ) : (
                          <strong>{each.waar}</strong>
                        )}
                        {': '}
                        {each.wat}
                      </li>
                    ))}
                  </ul>
                  {totaal > resultaten.length && <p className="subtle">{words.home.more(totaal - resultaten.length)}</p>}
                </>
              )
            }
          </Await>
        </Section>
      )}
    </Page>
  );
}
