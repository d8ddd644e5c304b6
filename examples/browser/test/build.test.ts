import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { BuiltExample, ROOT } from './built-example.ts';

const example = new BuiltExample();
beforeAll(() => example.build(), 60_000);
afterAll(() => example.remove());

function programs(): readonly string[] {
  const files = globSync('assets/*.js', { cwd: example.folder });
  return files.map((file) => readFileSync(join(example.folder, file), 'utf8'));
}

test('Vite builds both pages without a warning', () => {
  expect(globSync('*.html', { cwd: example.folder }).toSorted()).toEqual(['about.html', 'index.html']);
  expect(programs().length).toBeGreaterThan(1);
  expect(example.warnings).toEqual([]);
});

test('what the pages load imports nothing of Node', () => {
  expect(example.nodeImports).toEqual([]);
});

test('what the pages load never takes for granted that there is a `process`', () => {
  // Neither a property (`globalThis.process?.…`), nor the name of one that is asked for (`{ process: … } = globalThis`), nor text.
  const bare = /(?<![\w$.?`'"-])process\s*[.[(](?!runtime)/;
  expect(programs().flatMap((program) => bare.exec(program) ?? [])).toEqual([]);
});

test('the README shows the very lines that the page runs', () => {
  const [, shown] = /^```typescript\n(.*?)^```$/ms.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  expect(shown).toBe(readFileSync(join(ROOT, 'src/logging.ts'), 'utf8'));
});
