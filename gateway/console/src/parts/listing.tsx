// A page of a list that the server made: the rows, or what it says when there are none, and the way to the other pages.
import type { ReactNode } from 'react';
import { Await, type Asked } from './page';
import { Nothing, Pages } from './table';

export function Listing<Row>({
  asked,
  none,
  children,
}: {
  asked: Asked<{ totaal: number; resultaten: Row[] }>;
  none: ReactNode;
  children: (rows: Row[]) => ReactNode;
}) {
  return (
    <Await asked={asked}>
      {({ totaal, resultaten }) =>
        totaal === 0 ? (
          <Nothing>{none}</Nothing>
        ) : (
          <>
            {children(resultaten)}
            <Pages total={totaal} />
          </>
        )
      }
    </Await>
  );
}
