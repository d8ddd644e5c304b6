import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type ConfigurationMistake, findMistakes } from '@spillway/config';
import { anything, array, assert, constantFrom, double, property, record } from 'fast-check';
import { expect, test } from 'vitest';

import { foreignComponents } from './components.ts';
import { textFile } from './text-file.ts';

const NODES = ['batch', 'simple', 'queue', 'thinning', 'parting', 'console', 'otlp_http', 'keeping', 'plain'];
const options = { components: foreignComponents(), environment: {} };

function isWell({ message, line, column }: ConfigurationMistake): boolean {
  return message.length > 10 && (line ?? 1) >= 1 && (column ?? 1) >= 1;
}

test('whatever code gives as a model, all that comes is mistakes', () => {
  const value = anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withTypedArray: true,
    withNullPrototype: true,
  });
  assert(
    property(value, (model) => {
      expect(findMistakes(model as object, options).every(isWell)).toBe(true);
    }),
  );
});

test('whatever stands in the place of components and their properties, all that comes is mistakes', () => {
  const node = record({ name: constantFrom(...NODES), content: anything() });
  const properties = ['exporter', 'delegate', 'delegates', 'endpoint', 'headers', 'max_queue_size', 'tls', 'rules'];
  const inner = record(Object.fromEntries(properties.map((name) => [name, anything()])), { requiredKeys: [] });
  assert(
    property(array(node, { maxLength: 4 }), inner, (nodes, content) => {
      const processors = nodes.map(({ name, content: other }, index) => ({ [name]: index === 0 ? content : other }));
      expect(findMistakes({ logger_provider: { processors } }, options).every(isWell)).toBe(true);
    }),
  );
});

test('whatever happens to the text of a file, all that comes is mistakes', () => {
  const text = readFileSync(join(import.meta.dirname, 'golden/standard.yaml'), 'utf8');
  const file = textFile('');
  const edit = record({
    at: double({ min: 0, max: 1, noNaN: true }),
    cut: constantFrom(0, 1, 7),
    put: constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      '-',
      ',',
      '"',
      '\n',
      '\t',
      '#',
      '&',
      '*',
      '!',
      '|',
      '>',
      '%',
      '`',
      '$',
      ' ',
      'a',
      '0',
    ),
  });
  assert(
    property(array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      let changed = text;
      for (const { at, cut, put } of edits) {
        const offset = Math.floor(at * changed.length);
        changed = changed.slice(0, offset) + put + changed.slice(offset + cut);
      }
      writeFileSync(file, changed);
      const mistakes = findMistakes(file, options);
      expect(mistakes.filter((mistake) => !isWell(mistake) || mistake.file !== file)).toEqual([]);
    }),
    { numRuns: 60 },
  );
}, 30_000);
