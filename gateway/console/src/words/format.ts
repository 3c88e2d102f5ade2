// Dates, times and numbers as people here write them; always the time of Amsterdam.
import type { Language } from './words';

const zone = 'Europe/Amsterdam';
const locale = (language: Language) => (language === 'nl' ? 'nl-NL' : 'en-GB');
const form = (language: Language, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale(language), { timeZone: zone, ...options });

// `2026-11-28`, of a day or the start of a moment.
export const day = (text: string, language: Language) =>
  form(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(text));

export const time = (text: string, language: Language) =>
  form(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(text));

export const clock = (text: string, language: Language) =>
  form(language, { hour: '2-digit', minute: '2-digit' }).format(new Date(text));

export const moment = (text: string, language: Language) =>
  `${day(text, language)} ${language === 'nl' ? 'om' : 'at'} ${clock(text, language)}`;

export const shortDay = (text: string, language: Language) =>
  form(language, { day: 'numeric', month: 'short' }).format(new Date(text));

export const number = (value: number, language: Language) => new Intl.NumberFormat(locale(language)).format(value);
