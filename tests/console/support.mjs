// The demo's people in a browser, and what every page must be: free of axe findings, of errors and of sideways scrolling.
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';

export const address = process.env.KOPPELPOORT_CONSOLE ?? 'https://localhost:8444';
const demoLog = process.env.KOPPELPOORT_DEMO_LOG ?? 'demo.log';
const password = 'vier fictieve ogen';
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

const codes = () => [...readFileSync(demoLog, 'utf8').matchAll(/one-time code: (\d{6})/g)].map(([, code]) => code);
const used = new Map();

// The demo prints them. Each is good once for each person: waits for the next one where this one was used.
async function codeFor(login) {
  for (;;) {
    const code = codes().at(-1);
    if (code !== undefined && used.get(login) !== code) {
      used.set(login, code);
      return code;
    }
    await new Promise((done) => setTimeout(done, 300));
  }
}

export async function signIn(page, login) {
  await page.goto('/');
  await page.getByLabel('Aanmeldnaam').fill(login);
  await page.getByLabel('Wachtwoord').fill(password);
  await page.getByLabel('Eenmalige code').fill(await codeFor(login));
  await page.getByRole('button', { name: 'Aanmelden' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Dag');
}

// One signed-in context for each person, kept for all tests of a file.
export class People {
  constructor(browser) {
    this.browser = browser;
    this.contexts = new Map();
  }
  async page(login) {
    if (!this.contexts.has(login)) {
      const context = await this.browser.newContext({ ignoreHTTPSErrors: true, baseURL: address, viewport: { width: 1440, height: 900 } });
      const first = await context.newPage();
      await signIn(first, login);
      await first.close();
      this.contexts.set(login, context);
    }
    return this.contexts.get(login).newPage();
  }
  async close() {
    for (const context of this.contexts.values()) await context.close();
  }
}

// What the page says to the console, but for the one question whether somebody is signed in.
export function heard(page) {
  const messages = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !message.location().url.endsWith('/sessies/huidige')) messages.push(message.text());
  });
  page.on('pageerror', (error) => messages.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith('data:')) messages.push(`asked elsewhere: ${request.url()}`);
  });
  return messages;
}

// axe comes in over the debugging protocol, so that the strict policy of the page stays on.
export async function axeFindings(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then((found) => JSON.stringify(found.violations.map((each) => each.id + ': ' + each.nodes.map((node) => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | '))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return JSON.parse(result.value);
}

export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// Nothing on its way any more, and nothing that only waits.
export async function settled(page) {
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await page.waitForLoadState('load');
}
