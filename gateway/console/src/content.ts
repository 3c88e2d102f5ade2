// What a proposal holds: register entries with the names that register files use (docs/registers.md).
import type { Schemas } from './api';

export interface EvidenceEntry {
  for: string;
  reference: string;
  from?: string;
  until?: string;
  covers?: string[];
}
export interface PurposeEntry {
  id: string;
  controller: string;
  role: string;
  goal: string;
  title: string;
  title_en?: string;
  description?: string;
  bases: string[];
  capacities?: string[];
  excess?: 'block' | 'minimise';
  volume?: 'single' | 'list' | 'standing' | 'population';
  retention_months?: number;
  look_back_months?: number;
  review_by?: string;
  residual_risk?: 'low' | 'high';
  evidence?: EvidenceEntry[];
  algorithm?: string;
}
export interface NecessityEntry {
  id: string;
  purpose: string;
  service: string;
  elements: string[];
  proportionality: string;
  subsidiarity: string;
  review_by?: string;
  per_person_per_month?: number;
}
export interface LinkageEntry {
  id: string;
  title: string;
  purposes: string[];
  sources: string[];
  join_key: string;
  use?: 'case' | 'selection' | 'statistics';
  proportionality: string;
  subsidiarity: string;
}
export interface Content {
  purpose: PurposeEntry[];
  necessity: NecessityEntry[];
  linkage: LinkageEntry[];
}

export function contentOf(proposal: Schemas['Voorstel']): Content {
  const { purpose, necessity, linkage } = proposal.inhoud as Partial<Record<keyof Content, unknown[]>>;
  return {
    purpose: (purpose ?? []) as PurposeEntry[],
    necessity: (necessity ?? []) as NecessityEntry[],
    linkage: (linkage ?? []) as LinkageEntry[],
  };
}
