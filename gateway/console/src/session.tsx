// Who is signed in, and what they may. The screen hides what a role cannot use; the API refuses it.
import { createContext, useContext } from 'react';
import type { Schemas } from './api';

export type Person = Schemas['Aangemeld'];
export type Right = Schemas['Recht'];

export const SessionContext = createContext<Person | null>(null);

export function usePerson(): Person {
  const person = useContext(SessionContext);
  if (person === null) throw new Error('nobody is signed in');
  return person;
}

export function useMay() {
  const person = usePerson();
  return (...rights: Right[]) => rights.some((right) => person.rechten.includes(right));
}
