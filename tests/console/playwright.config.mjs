import { defineConfig } from '@playwright/test';
import { address } from './support.mjs';

export default defineConfig({
  testMatch: '*.spec.mjs',
  workers: 1, // one gate, and each one-time code is good once for each person
  fullyParallel: false,
  timeout: 120_000,
  reporter: [['line']],
  outputDir: process.env.KOPPELPOORT_CONSOLE_RESULTS ?? 'results',
  use: {
    baseURL: address,
    ignoreHTTPSErrors: true, // the demo's own certificate authority
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.KOPPELPOORT_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    },
  },
});
