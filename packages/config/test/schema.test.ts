import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { configurationSchema } from '@spillway/config';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { foreignComponents } from './components.ts';

const FOLDER = join(import.meta.dirname, 'golden');
const check = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  configurationSchema(foreignComponents()),
);

/** Where an editor would show a mistake. */
function places(text: string): string[] {
  check(parse(text));
  return (check.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

/** The same for one processor. */
function processorPlaces(processor: string): string[] {
  return places(`{file_format: "1.1", logger_provider: {processors: [${processor}]}}`).map((place) =>
    place.replace('/logger_provider/processors/0', ''),
  );
}

test('the committed schema is that of the components: `pnpm --filter @spillway/config schema` writes it anew', () => {
  const committed: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../schema.json'), 'utf8'));
  expect(committed).toEqual(configurationSchema());
});

test.each(readdirSync(FOLDER).filter((name) => name.endsWith('.yaml')))('%s has no mistakes for an editor', (name) => {
  expect(places(readFileSync(join(FOLDER, name), 'utf8'))).toEqual([]);
});

test.each([
  ['a reference in the place of a number', 'batch: {max_queue_size: "${SIZE}", exporter: {console: }}'],
  ['a reference in the place of a word', 'queue: {min_severity: "${LEVEL:-warn}", exporter: {console: {}}}'],
  ['a null in the place of a scalar', 'batch: {max_queue_size: , exporter: {console: }}'],
  ['a reference within a secret of a certain form', 'queue: {exporter: {keeping: {token: "${TOKEN}"}}}'],
  ['any properties of a component without a schema', 'queue: {exporter: {plain: {a: [1]}}}'],
])('%s is right', (_name, processor) => {
  expect(processorPlaces(processor)).toEqual([]);
});

test.each([
  ['a misspelt name', 'batsh: {exporter: {console: }}', ' additionalProperties'],
  ['a misspelt property', 'batch: {max_queue: 1, exporter: {console: }}', '/batch additionalProperties'],
  ['a missing exporter', 'batch: {}', '/batch required'],
  ['a null where something is required', 'batch:', '/batch type'],
  ['two names', '{batch: {exporter: {console: }}, simple: {exporter: {console: }}}', ' maxProperties'],
  ['a number out of range', 'batch: {max_queue_size: 0, exporter: {console: }}', '/batch/max_queue_size anyOf'],
])('%s is a mistake', (_name, processor, place) => {
  expect(processorPlaces(processor)).toContain(place);
});

test('sections about something else are free, and the format is not', () => {
  expect(places('{file_format: "1.1", tracer_provider: 1, x-team: a}')).toEqual([]);
  expect(places('{file_format: 1.1}')).toEqual(['/file_format type', '/file_format enum']);
});

test('every component and property is described', () => {
  const undescribed: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, property] of Object.entries(value)) {
      const isProperty = path.endsWith('/properties');
      const text: unknown = isProperty ? (property as { description?: unknown }).description : 'none needed';
      if (typeof text !== 'string' || text === '') undescribed.push(`${path}/${name}`);
      visit(property, `${path}/${name}`);
    }
  };
  visit(configurationSchema(), '');
  expect(undescribed).toEqual([]);
});
