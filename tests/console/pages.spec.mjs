// Every page, in three widths, in both languages, light and dark: no finding of axe, nothing sideways, no error.
import { expect, test } from '@playwright/test';
import { axeFindings, heard, overflow, People, settled } from './support.mjs';

const pages = {
  fatma: [
    '/',
    '/te-beoordelen',
    '/voorstellen',
    '/voorstellen/v-000001',
    '/voorstellen/v-000003',
    '/doelen',
    '/doelen/pw-aanvraag',
    '/koppelingen',
    '/geweigerd',
    '/geweigerd?code=KP-301',
    '/geweigerd?code=KP-999',
    '/besluiten',
    '/besluiten/is-er-niet',
    '/mag-dit',
    '/oefenen',
    '/knooppunt',
    '/logboek',
    '/organisaties',
    '/diensten',
    '/diensten/uwv-inkomens',
    '/grondslagen',
    '/grondslagen?pagina=2',
    '/grondslagen/wet-suwi-65-syri?op=2026-01-01',
    '/toegankelijkheid',
    '/privacy',
    '/over',
    '/wachtwoord',
    '/bestaat-niet',
  ],
  anouk: ['/doel-aanmelden', '/voorstellen/v-000001', '/doelen/pw-aanvraag'],
  bas: ['/', '/te-beoordelen', '/voorstellen/v-000002', '/rapportages', '/gebruikers', '/geweigerd'],
  bea: ['/', '/gebruikers'],
};
const widths = [1440, 390, 320];

let people;
test.beforeAll(({ browser }) => {
  people = new People(browser);
});
test.afterAll(() => people.close());

for (const [login, paths] of Object.entries(pages))
  for (const path of paths)
    test(`${login} ${path}`, async () => {
      const page = await people.page(login);
      const said = heard(page);
      await page.goto(path);
      for (const language of ['nl', 'en']) {
        if (language === 'en') await page.getByRole('button', { name: 'English' }).click();
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 });
          await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
          await settled(page);
          expect(await overflow(page), `${path} at ${width}`).toBeLessThanOrEqual(0);
          if (width !== 320 && !(language === 'en' && width === 390)) expect(await axeFindings(page), `${path} at ${width} in ${language}`).toEqual([]);
        }
        await page.setViewportSize({ width: 1440, height: 900 });
      }
      await page.getByRole('button', { name: 'Nederlands' }).click();
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await axeFindings(page), `${path} in the dark`).toEqual([]);
      // A page that is not there, or that this role may not see, is asked for on purpose.
      expect(said.filter((each) => !/status of 40[34]/.test(each))).toEqual([]);
      await page.close();
    });

test('signing in, empty and wrong', async ({ page }) => {
  const said = heard(page);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Aanmelden' }).click();
  await expect(page.getByRole('group', { name: 'Er zijn 3 dingen niet in orde' })).toBeFocused();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('link', { name: 'Vul uw wachtwoord in' }).click();
  await expect(page.getByLabel('Wachtwoord')).toBeFocused();
  await page.getByLabel('Aanmeldnaam').fill('fatma');
  await page.getByLabel('Wachtwoord').fill('een verkeerd wachtwoord');
  await page.getByLabel('Eenmalige code').fill('000000');
  await page.getByRole('button', { name: 'Aanmelden' }).click();
  await expect(page.getByRole('alert')).toContainText('Aanmelden mislukt');
  expect(said.filter((each) => !/status of 401/.test(each))).toEqual([]);
});

test('the explanation over the list, and the menu of a phone', async () => {
  const page = await people.page('fatma');
  await page.goto('/geweigerd?code=KP-301');
  await page.getByRole('button', { name: /^Uitleg/ }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Waarom is dit geweigerd?' });
  await expect(drawer).toContainText('Geen wet staat dit toe');
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await axeFindings(page)).toEqual([]);
  }
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await page.setViewportSize({ width: 390, height: 900 });
  await page.getByRole('button', { name: 'Menu' }).click();
  await expect(page.getByRole('dialog', { name: 'Menu' })).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('dialog', { name: 'Menu' }).getByRole('link', { name: 'Doelen' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Doelen' })).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Menu' })).toBeHidden();
  await page.close();
});

test('a gate that does not answer is said, and nothing more', async () => {
  const page = await people.page('fatma');
  await page.goto('/doelen');
  await expect(page.getByRole('table', { name: 'Doelen' })).toBeVisible();
  await page.route('**/beheer/v1/**', (route) => route.abort());
  await page.getByRole('link', { name: 'Grondslagen' }).click();
  await expect(page.getByRole('alert')).toContainText('Gegevens ophalen lukt niet');
  expect(await axeFindings(page)).toEqual([]);
  await page.unroute('**/beheer/v1/**');
  await page.getByRole('button', { name: 'Opnieuw proberen' }).click();
  await expect(page.getByRole('table', { name: 'Grondslagen' })).toBeVisible();
  await page.close();
});
