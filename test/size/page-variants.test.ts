import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { expect, test } from 'vitest';

interface Manifest {
  /** Modules of which a page gets another one than Node, under the names by which the package imports them. */
  readonly imports?: Readonly<Record<string, { readonly dev: { readonly browser: string; readonly default: string } }>>;
}

const packages = fileURLToPath(new URL('../../packages', import.meta.url));

const folders = readdirSync(packages, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const variants = folders.flatMap(({ name }) => {
  const { imports = {} } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as Manifest;
  return Object.entries(imports).map(([module, { dev }]) => ({ name, module, dev }));
});

async function namesIn(packageName: string, file: string): Promise<readonly string[]> {
  const module = (await import(pathToFileURL(join(packages, packageName, file)).href)) as object;
  return Object.keys(module).toSorted();
}

test('there are modules that pages and Node have each of their own', () => {
  expect(variants.length).toBeGreaterThan(0);
});

// The compiler sees those of Node only.
test.each(variants)('$module of $name has the same names for pages as for Node', async ({ name, dev }) => {
  expect(await namesIn(name, dev.browser)).toEqual(await namesIn(name, dev.default));
});
