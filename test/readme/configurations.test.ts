import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Environment, findMistakes, mistakeText } from '@spillway/config';
import { afterAll, describe, expect, it } from 'vitest';

import { readSnippets, ROOT } from './snippets.ts';

/** A configuration, after nothing but comments. Other YAML is about other programs. */
const CONFIGURATION = /^(?:\s*(?:#.*)?\n)*file_format:/;
const REFERENCE = /\$\{(?<name>\w+)(?<fallback>:-[^}]*)?\}/g;

const folder = mkdtempSync(join(tmpdir(), 'spillway-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

const blocks = readSnippets('yaml').filter(({ code }) => CONFIGURATION.test(code));
const files = globSync('examples/**/*.yaml', { cwd: ROOT, exclude: ['**/node_modules'] })
  .map((name) => ({ name, code: readFileSync(join(ROOT, name), 'utf8') }))
  .filter(({ code }) => CONFIGURATION.test(code));
const right = [...blocks.filter(({ answer }) => answer === undefined), ...files];
const wrong = blocks.filter(({ answer }) => answer !== undefined);

/** What is wrong with a file of this text, as it is told where the file is called `spillway.yaml`. */
function mistakesOf(code: string, environment: Environment): string {
  const file = join(folder, 'spillway.yaml');
  writeFileSync(file, code);
  const lines = findMistakes(file, { environment }).map((mistake) => `${mistakeText(mistake)}\n`);
  return lines.join('').replaceAll(`${folder}/`, '');
}

/** Harmless values for the variables that a text names: for all of them, or for those without a default. */
function variablesOf(code: string, which: 'all' | 'needed'): Environment {
  const references = [...code.matchAll(REFERENCE)].map(({ groups }) => groups as { name: string; fallback?: string });
  const chosen = references.filter(({ fallback }) => which === 'all' || fallback === undefined);
  return Object.fromEntries(chosen.map(({ name }) => [name, harmlessValue(name)]));
}

/** An integration key of PagerDuty has 32 characters. */
function harmlessValue(name: string): string {
  if (name.endsWith('_URL')) return 'http://127.0.0.1:9';
  return name.endsWith('_PORT') ? '0' : '0123456789abcdef'.repeat(2);
}

describe('every configuration in a README or an example', () => {
  it('is among those that are tried here', () => {
    expect(right.length).toBeGreaterThan(10);
    expect(wrong.map(({ name }) => name)).toEqual(['packages/config/README.md, snippet 2']);
  });

  it.each(right.map(({ name, code }) => [name, code] as const))('%s has no mistakes', (_name, code) => {
    expect(mistakesOf(code, variablesOf(code, 'all'))).toBe('');
    expect(mistakesOf(code, variablesOf(code, 'needed'))).toBe('');
  });

  it.each(wrong.map(({ name, code, answer }) => [name, code, answer] as const))(
    '%s is wrong as the text below it tells',
    (_name, code, answer) => {
      expect(mistakesOf(code, {})).toBe(answer);
    },
  );
});
