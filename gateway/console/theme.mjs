// The theme: what the style sheets of NL Design System read, followed through the mapping of the Voorbeeld theme.
// Everything nobody reads is left out; our own colours and sizes (src/style/brand.css) are laid over it.
import { readFileSync } from 'node:fs';

const mapping = 'node_modules/@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css';

const read = (text) => [...text.matchAll(/var\(\s*(--[\w-]+)/g)].map((found) => found[1]);

export function theme(styleSheets) {
  const values = new Map();
  for (const [, name, value] of readFileSync(mapping, 'utf8').matchAll(/^\s*(--[\w-]+):\s*([^;]+);/gm))
    values.set(name, value);
  const wanted = new Set();
  const open = styleSheets.flatMap(read);
  while (open.length > 0) {
    const name = open.pop();
    if (wanted.has(name) || !values.has(name)) continue;
    wanted.add(name);
    open.push(...read(values.get(name)));
  }
  const lines = [...wanted].sort().map((name) => `  ${name}: ${values.get(name)};`);
  return `:root {\n${lines.join('\n')}\n}\n`;
}
