import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type ConfigurationError, loadComponents } from '@spillway/config';
import { expect, onTestFinished, test, vi } from 'vitest';

import { ACME, moduleFile } from './module-file.ts';
import { temporaryFolder } from './text-file.ts';

function namesOf(...modules: string[]): readonly string[] {
  return loadComponents(modules).map(({ name }) => name);
}

function messagesOf(...modules: string[]): readonly string[] {
  try {
    loadComponents(modules);
  } catch (error) {
    return (error as ConfigurationError).mistakes.map(({ message }) => message);
  }
  return [];
}

/** Runs from a folder of its own, as an application does. */
function workIn(folder: string): void {
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  onTestFinished(() => void vi.restoreAllMocks());
}

test.each([
  ['an ES module, under any name', `export const anything = ${ACME};`, 'acme.mjs'],
  ['an ES module, by default', `export default ${ACME};`, 'acme.mjs'],
  ['an ES module, in a list', `export const componentProviders = [${ACME}];`, 'acme.mjs'],
  ['CommonJS, under any name', `exports.anything = ${ACME}; exports.other = 7; exports.none = null;`, 'acme.cjs'],
  ['CommonJS, as the whole', `module.exports = ${ACME};`, 'acme.cjs'],
  ['CommonJS, as a list', `module.exports = [${ACME}];`, 'acme.cjs'],
])('takes the providers of %s', (_name, code, file) => {
  expect(namesOf(moduleFile(code, file))).toEqual(['acme']);
});

test('takes a provider once that is exported twice', () => {
  const code = `export const one = ${ACME}; export const all = [one]; export default one;`;
  expect(namesOf(moduleFile(code))).toEqual(['acme']);
});

test('finds files and packages from the working directory', () => {
  const folder = temporaryFolder();
  const own = join(folder, 'node_modules', '@acme', 'spillway');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'package.json'), JSON.stringify({ type: 'module', exports: './index.js' }));
  writeFileSync(join(own, 'index.js'), `export const installed = ${ACME.replace("'acme'", "'installed'")};`);
  writeFileSync(join(folder, 'own.cjs'), `exports.own = ${ACME.replace("'acme'", "'own'")};`);
  workIn(folder);
  expect(namesOf('./own.cjs', '@acme/spillway')).toEqual(['own', 'installed']);
});

test('tells of all modules that give none, each for its reason', () => {
  const folder = temporaryFolder();
  workIn(folder);
  const throwing = moduleFile("throw new Error('No licence.\\nBuy one.');");
  const strange = moduleFile("throw 'a text';", 'strange.cjs');
  const needy = moduleFile("require('spillway-of-nobody');", 'needy.cjs');
  const broken = moduleFile('const = 1;', 'broken.cjs');
  const waiting = moduleFile(`export const acme = await Promise.resolve(${ACME});`);
  const empty = moduleFile('export const nothing = {};');
  expect(messagesOf('./missing.js', throwing, strange, needy, broken, waiting, empty)).toEqual([
    `Expected \`./missing.js\` to be a module that is found from ${folder}: Cannot find module './missing.js'.`,
    `Could not load \`${throwing}\`: No licence.`,
    `Could not load \`${strange}\`: it threw string.`,
    `Could not load \`${needy}\`: Cannot find module 'spillway-of-nobody'.`,
    expect.stringMatching(/^Could not load `.*broken\.cjs`: Unexpected token/),
    `Expected \`${waiting}\` to be a module without \`await\` at its top level: it is loaded synchronously.`,
    `Expected \`${empty}\` to be a module that exports component providers: objects with \`type\`, \`name\` and \`createComponent\`.`,
  ]);
});

test('without modules there are no components', () => {
  expect(loadComponents([])).toEqual([]);
});
