// The one client of the management API. Types come from its description; a changed API that breaks a page does not build.
import createClient from 'openapi-fetch';
import type { components, paths } from '../generated/beheer';

export type Schemas = components['schemas'];

// What the API says when it says no (RFC 9457).
export class Trouble extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly reasons: string[],
  ) {
    super(detail || title);
  }
}

let language = 'nl';
let csrf = '';
let signedOut = () => {};

export const setLanguage = (next: string) => {
  language = next;
};
export const setCsrf = (next: string) => {
  csrf = next;
};
// Called when the session turns out to have ended.
export const onSignedOut = (call: () => void) => {
  signedOut = call;
};

export const client = createClient<paths>({ baseUrl: '/beheer/v1', credentials: 'same-origin' });
client.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', language);
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401 && !request.url.endsWith('/sessies')) signedOut();
  },
});

interface Result<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

function troubleOf({ error, response }: Result<unknown>): Trouble {
  const problem = (typeof error === 'object' && error !== null ? error : {}) as Partial<Schemas['Problem']>;
  return new Trouble(response.status, problem.title ?? '', problem.detail ?? '', problem.redenen ?? []);
}

// The answer, or the API's reason as an exception. No answer at all: status 0.
export async function take<Data>(asked: Promise<Result<Data>>): Promise<Data> {
  return (await takeWhole(asked)).data;
}

export async function takeWhole<Data>(asked: Promise<Result<Data>>): Promise<{ data: Data; tag: string }> {
  let result: Result<Data>;
  try {
    result = await asked;
  } catch {
    throw new Trouble(0, '', '', []);
  }
  if (!result.response.ok) throw troubleOf(result);
  return { data: result.data as Data, tag: result.response.headers.get('ETag') ?? '' };
}

// Of what a page asks by itself: no use of the session, which ends after half an hour without any.
export const byItself = { 'X-Op-De-Achtergrond': '1' };

// What every change must carry; and a change that must happen once, whatever the network does.
export const signed = () => ({ 'X-CSRF-Token': csrf });
export const once = () => ({ ...signed(), 'Idempotency-Key': crypto.randomUUID() });
