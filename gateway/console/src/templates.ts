// Common purposes of municipalities to begin with: the task, the role and the articles that are usually named for it.
// Whether they fit is for people to judge; the reasons nobody can write beforehand. tests/console/words.mjs holds that
// every name here exists in the catalogue.
import type { PurposeEntry } from './content';

type Template = Pick<PurposeEntry, 'title' | 'role' | 'goal' | 'bases' | 'capacities'> & { title_en: string };

export const templates: Template[] = [
  {
    title: 'Recht op bijstand vaststellen bij een aanvraag',
    title_en: 'Establish the right to assistance on an application',
    role: 'gemeente-college-pw',
    goal: 'pw-uitvoering',
    bases: ['wet-suwi-62', 'pw-64-1-instanties', 'pw-68-bsn'],
    capacities: ['applicant'],
  },
  {
    title: 'Behoefte aan Wmo-ondersteuning onderzoeken',
    title_en: 'Assess the need for Wmo support',
    role: 'gemeente-college-wmo',
    goal: 'wmo-uitvoering',
    bases: ['wmo-5-1-1-college', 'wmo-5-2-9-bsn'],
    capacities: ['applicant'],
  },
  {
    title: 'Schuldhulp verlenen',
    title_en: 'Give debt help',
    role: 'gemeente-college-schuldhulp',
    goal: 'schuldhulpverlening',
    bases: ['wgs-8-1-verstrekking-aan-college', 'wgs-8a-schuldhulp', 'wgs-8c-bsn'],
    capacities: ['client'],
  },
  {
    title: 'Een eerste gesprek aanbieden na een betalingsachterstand',
    title_en: 'Offer a first talk after payment arrears',
    role: 'gemeente-college-schuldhulp',
    goal: 'vroegsignalering',
    bases: ['wgs-3-1-b-vroegsignalering', 'wgs-8b-vroegsignalering-verwerking', 'wgs-8c-bsn'],
    capacities: [],
  },
  {
    title: 'Toegang tot jeugdhulp bepalen',
    title_en: 'Decide on access to youth help',
    role: 'gemeente-college-jeugd',
    goal: 'jeugd-toegang',
    bases: ['jw-7-4-0-1-college', 'jw-7-2-1-bsn'],
    capacities: ['applicant', 'client'],
  },
  {
    title: 'Inburgering begeleiden en handhaven',
    title_en: 'Guide and enforce civic integration',
    role: 'gemeente-college-inburgering',
    goal: 'inburgering',
    bases: ['wi2021-33-duo-uit', 'wi2021-35-keten', 'wi2021-36-37-bsn-bijzonder'],
    capacities: ['client'],
  },
  {
    title: 'Kwijtschelding van gemeentelijke belasting beoordelen',
    title_en: 'Assess remission of municipal taxes',
    role: 'gemeente-belastingen',
    goal: 'kwijtschelding',
    bases: ['besluit-suwi-5-9-1-g-kwijtschelding'],
    capacities: ['applicant'],
  },
  {
    title: 'Verzuim van leerplichtigen behandelen',
    title_en: 'Handle absence from compulsory education',
    role: 'gemeente-college-leerplicht',
    goal: 'leerplicht',
    bases: ['lpw-21-21a-verzuim', 'wro-21-gemeente'],
    capacities: ['client'],
  },
];
