// Every word of the screen stands in the language files: each key is used, and no text stands in a page.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const source = process.argv[2] ?? new URL('../../gateway/console/src', import.meta.url).pathname;
const ts = createRequire(join(source, 'x.js'))('typescript');

const filesIn = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : /\.tsx?$/.test(name) ? [path] : [];
  });
const files = filesIn(source);
const code = files.filter((file) => !/words\/(nl|en)\.ts$/.test(file)).map((file) => readFileSync(file, 'utf8')).join('\n');

const load = async (name) => {
  const script = ts.transpileModule(readFileSync(join(source, 'words', name), 'utf8'), { compilerOptions: { module: 'ESNext', target: 'ES2022' } });
  return import('data:text/javascript,' + encodeURIComponent(script.outputText));
};
const { nl } = await load('nl.ts');
const { en } = await load('en.ts');

const faults = [];
const isUsed = (path) => {
  for (let length = path.length; length > 0; --length) {
    const head = path.slice(0, length).join('.');
    const whole = length === path.length;
    const name = head.replace(/\./g, '\\.');
    // By its own name, or as one of a section that is read by a variable.
    if (new RegExp(whole ? `\\b${name}\\b(?!-)` : `\\bwords\\.${name}(\\[|\\))`).test(code)) return true;
  }
  return false;
};
let keys = 0;
const walk = (of, other, path) => {
  for (const [key, value] of Object.entries(of)) {
    const here = [...path, key];
    if (typeof value === 'object') walk(value, other[key], here);
    else {
      ++keys;
      if (!isUsed(here)) faults.push(`${here.join('.')} is used nowhere`);
      const same = typeof value === 'string' && value === other[key] && value.length > 12;
      if (same) faults.push(`${here.join('.')} says the same in both languages: ${value}`);
    }
  }
};
walk(nl, en, []);

// A name of ours, or a command to type.
const allowed = /^(Koppelpoort|koppelpoort .*)$/;
for (const file of files.filter((each) => each.endsWith('.tsx'))) {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const visit = (node) => {
    const text = ts.isJsxText(node) ? node.text.trim() : ts.isJsxAttribute(node) && /^(aria-label|title|label|help|legend|alt|placeholder)$/.test(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer) ? node.initializer.text : '';
    if (/\p{L}{2,}/u.test(text) && !allowed.test(text)) faults.push(`${file}: “${text}” stands in the page`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
}
// The examples name roles, tasks and articles that exist.
const repository = join(source, '../../..');
const idsIn = (file) => [...readFileSync(file, 'utf8').matchAll(/^id = "([^"]+)"/gm)].map(([, id]) => id);
const known = new Set([
  ...idsIn(join(repository, 'legal_bases/vocabulary.toml')),
  ...readdirSync(join(repository, 'legal_bases/catalogue')).flatMap((name) => idsIn(join(repository, 'legal_bases/catalogue', name))),
]);
const { templates } = await load('../templates.ts');
for (const each of templates)
  for (const id of [each.role, each.goal, ...each.bases]) if (!known.has(id)) faults.push(`the example “${each.title}” names ${id}, which is not there`);

for (const fault of faults) console.error(fault);
console.log(`words: ${keys} keys in two languages, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
