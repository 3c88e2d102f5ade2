// The language of the screen. Dutch is there at once, English is fetched when somebody asks for it.
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { setLanguage } from '../api';
import { nl } from './nl';

// What every language must have: the same keys, and functions of the same arguments.
type Widened<Value> = Value extends string
  ? string
  : Value extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Key in keyof Value]: Widened<Value[Key]> };
export type Words = Widened<typeof nl>;
export type Language = 'nl' | 'en';

const key = 'koppelpoort-taal';
const kept = (): Language => (localStorage.getItem(key) === 'en' ? 'en' : 'nl');

interface Spoken {
  words: Words;
  language: Language;
  speak: (next: Language) => void;
}
const Context = createContext<Spoken | null>(null);

export function Speaking({ children }: { children: ReactNode }) {
  const [spoken, setSpoken] = useState<{ words: Words; language: Language }>({ words: nl, language: 'nl' });
  const [wanted, setWanted] = useState<Language>(kept);
  useEffect(() => {
    let current = true;
    const use = (words: Words) => {
      if (!current) return;
      document.documentElement.lang = wanted;
      setLanguage(wanted);
      setSpoken({ words, language: wanted });
    };
    if (wanted === 'nl') use(nl);
    else void import('./en').then(({ en }) => use(en));
    return () => {
      current = false;
    };
  }, [wanted]);
  const speak = (next: Language) => {
    localStorage.setItem(key, next);
    setWanted(next);
  };
  return <Context value={{ ...spoken, speak }}>{children}</Context>;
}

export function useSpoken(): Spoken {
  const spoken = useContext(Context);
  if (spoken === null) throw new Error('outside <Speaking>');
  return spoken;
}

export const useWords = () => useSpoken().words;
