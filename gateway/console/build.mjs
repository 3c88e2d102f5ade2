// Builds the console: packages, theme, types of the API, type check, bundle, notices, and one C++ file that holds it
// all. `generated/` is what later steps read, `dist/` what is served. Does nothing when nothing changed; fails over the
// budget for the first load.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { theme } from './theme.mjs';

process.chdir(import.meta.dirname ?? new URL('.', import.meta.url).pathname);
const dist = resolve('dist');
const packages = JSON.parse(readFileSync('package.json', 'utf8'));
const budget = { js: 130_000, css: 30_000, font: 30_000 }; // bytes, compressed, of the first load
const licences = ['MIT', 'ISC', 'BSD-3-Clause', 'EUPL-1.2', 'OFL-1.1'];

function makeTheme() {
  const main = readFileSync('src/style/main.css', 'utf8');
  const sheets = [...main.matchAll(/@import '(@[^']+)'/g)].map(([, name]) => {
    const path = name.includes('/dist/') ? name : name.replace(/\/([\w-]+\.css)$/, '/dist/$1');
    return readFileSync(join('node_modules', path), 'utf8');
  });
  sheets.push(readFileSync('src/style/layout.css', 'utf8'));
  writeFileSync('generated/theme.css', theme(sheets));
}

async function makeTypes() {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const description = JSON.parse(readFileSync('../../docs/api/beheer.json', 'utf8'));
  writeFileSync('generated/beheer.ts', astToString(await openapiTS(description)));
}

// Everything that is shipped, with its licence; one outside the list fails the build.
function makeNotices() {
  const notices = Object.keys(packages.dependencies)
    .sort()
    .map((name) => {
      const own = JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8'));
      if (!licences.includes(own.license)) throw new Error(`${name}: the licence ${own.license} is not one of ours`);
      return { naam: name, versie: own.version, licentie: own.license };
    });
  writeFileSync('generated/notices.json', JSON.stringify(notices, null, 1));
}

function filesIn(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

function checkBudget(files) {
  const index = readFileSync(join(dist, 'index.html'), 'utf8');
  const first = { js: 0, css: 0, font: 0 };
  for (const file of files) {
    if (file.endsWith('.woff2')) first.font += statSync(file).size;
    if (!index.includes(relative(dist, file))) continue;
    const size = gzipSync(readFileSync(file)).length;
    if (file.endsWith('.js')) first.js += size;
    if (file.endsWith('.css')) first.css += size;
  }
  console.log(`console: first load ${first.js} B of script, ${first.css} B of style (gzip), ${first.font} B of font`);
  for (const kind of Object.keys(budget))
    if (first[kind] > budget[kind]) throw new Error(`the console's ${kind} is over ${budget[kind]} bytes: ${first[kind]}`);
}

// The files as they stand and compressed, inside the program.
function makeAssets(files) {
  rmSync('generated/compressed', { recursive: true, force: true });
  mkdirSync('generated/compressed');
  const rows = [];
  const data = [];
  const put = (name, path) => {
    data.push(`    ".balign 16\\n.hidden ${name}\\n${name}:\\n.incbin \\"${path}\\"\\n.hidden ${name}_end\\n${name}_end:\\n"`);
    data.push(`    ".global ${name}\\n.global ${name}_end\\n"`);
    return name;
  };
  files.forEach((file, number) => {
    const path = '/' + relative(dist, file);
    const squeezed = resolve(`generated/compressed/${number}.br`);
    const bytes = readFileSync(file);
    const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    writeFileSync(squeezed, packed);
    const tag = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    const plain = put(`koppelpoort_console_${number}`, file);
    const small = put(`koppelpoort_console_${number}_br`, squeezed);
    rows.push({ path, tag, plain, small });
  });
  const names = rows.flatMap(({ plain, small }) => [plain, small]);
  writeFileSync(
    'generated/assets.cpp',
    `// Made by build.mjs.
#include "gateway/console/site.hpp"

__asm__(
    ".section .rodata\\n"
${data.join('\n')}
    ".previous\\n");
extern "C" {
${names.map((name) => `extern const char ${name}[], ${name}_end[];`).join('\n')}
}

namespace koppelpoort::console {

const std::vector<Asset>& assets() {
  static const std::vector<Asset> all{
${rows
  .map(
    ({ path, tag, plain, small }) =>
      `      {"${path}", "${tag}", {${plain}, ${plain}_end}, {${small}, ${small}_end}},`,
  )
  .join('\n')}
  };
  return all;
}

}  // namespace koppelpoort::console
`,
  );
}

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

function getPackages() {
  const stamp = 'node_modules/.digest';
  const digest = digestOf(['package-lock.json']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { stdio: 'inherit' });
  writeFileSync(stamp, digest);
}

function checkTypes() {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc'], { stdio: 'inherit' });
  if (status !== 0) process.exit(1); // the compiler said what is wrong
}

async function bundle() {
  const { build } = await import('vite');
  await build({
    configFile: false,
    logLevel: 'warn',
    esbuild: { jsx: 'automatic' },
    build: {
      outDir: dist,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'es2022',
      rollupOptions: {
        onwarn(warning, warn) {
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning); // "use client" means nothing here
        },
      },
    },
  });
}

const inputs = [...filesIn('src'), ...filesIn('public'), 'package-lock.json', 'index.html', 'build.mjs', 'theme.mjs', 'tsconfig.json', '../../docs/api/beheer.json'].sort();
const digest = digestOf(inputs);
const assets = 'generated/assets.cpp';
mkdirSync('generated', { recursive: true });
if (existsSync(assets) && existsSync('generated/digest') && readFileSync('generated/digest', 'utf8') === digest) {
  utimesSync(assets, new Date(), new Date());
} else {
  rmSync('generated/digest', { force: true });
  getPackages();
  makeTheme();
  await makeTypes();
  makeNotices();
  checkTypes();
  await bundle();
  const files = filesIn(dist).sort();
  checkBudget(files);
  makeAssets(files);
  writeFileSync('generated/digest', digest);
}
