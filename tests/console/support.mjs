// A browser that signs in as one of the demo's people. Whose one-time code is shown by the demo itself.
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

export const address = process.env.KOPPELPOORT_CONSOLE ?? 'https://localhost:8444';
const demoLog = process.env.KOPPELPOORT_DEMO_LOG ?? 'demo.log';
const password = 'vier fictieve ogen';

export const browser = () =>
  chromium.launch({ executablePath: process.env.KOPPELPOORT_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

const codes = () => [...readFileSync(demoLog, 'utf8').matchAll(/one-time code: (\d{6})/g)].map(([, code]) => code);
const usedUp = new Map();

// A code is good once for each person: waits for the next one where this one was used.
export async function codeFor(login) {
  for (;;) {
    const code = codes().at(-1);
    if (code !== undefined && usedUp.get(login) !== code) {
      usedUp.set(login, code);
      return code;
    }
    await new Promise((done) => setTimeout(done, 500));
  }
}

export async function signIn(page, login) {
  await page.goto(address);
  await page.getByLabel(/Aanmeldnaam|Login name/).fill(login);
  await page.getByLabel(/Wachtwoord|Password/).fill(password);
  await page.getByLabel(/Eenmalige code|One-time code/).fill(await codeFor(login));
  await page.getByRole('button', { name: /^(Aanmelden|Sign in)$/ }).click();
  await page.getByRole('navigation', { name: /Hoofdmenu|Main menu/ }).or(page.getByRole('button', { name: 'Menu' })).first().waitFor();
}
