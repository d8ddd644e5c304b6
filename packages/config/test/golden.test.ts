import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseConfigFile } from '@opentelemetry/configuration';
import { createLoggerProvider, findMistakes, redactedConfiguration } from '@spillway/config';
import { expect, test } from 'vitest';
import { parse, parseDocument } from 'yaml';

import { diagnose } from '../src/document/library-parser.ts';
import { KNOWN_COMPONENTS } from '../src/known-components.ts';
import { standardComponents } from '../src/standard/standard-components.ts';
import { withEnvironment } from '../src/with-environment.ts';
import { foreignComponents } from './components.ts';
import { nodesOf, pathsIn, schemaPaths } from './property-paths.ts';

const FOLDER = join(import.meta.dirname, 'golden');
const SECRETS = {
  PASSWORD: 'hunter',
  TAIL_TOKEN: 'sixteen-or-more-characters',
  ROUTING_KEY: 'k'.repeat(32),
  SECOND_ROUTING_KEY: 'l'.repeat(32),
};
const ENVIRONMENT = {
  SERVICE: 'shop',
  REPLICAS: '3',
  DELAY: '250',
  SCOPES: '5',
  USER_NAME: 'shop',
  HOLD_BELOW: '',
  ...SECRETS,
};

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
const makeable = files.filter((name) => name !== 'unmade.yaml');
const options = { components: foreignComponents(), environment: ENVIRONMENT };

test.each(files)('%s has no mistakes', (name) => {
  expect(findMistakes(join(FOLDER, name), options)).toEqual([]);
});

test.each(files)('%s is shown with its variables in their places, and without secrets', async (name) => {
  const shown = JSON.stringify(redactedConfiguration(join(FOLDER, name), options), undefined, 2);
  for (const secret of Object.values(SECRETS)) expect(shown).not.toContain(secret);
  await expect(`${shown}\n`).toMatchFileSnapshot(join(FOLDER, name.replace('.yaml', '.shown.txt')));
});

test.each(makeable)('%s becomes a pipeline', async (name) => {
  const made: string[] = [];
  const provider = createLoggerProvider(join(FOLDER, name), {
    ...options,
    onComponent: (component, { path }) => made.push(`${path}: ${(component as object).constructor.name}`),
  });
  await expect(`${made.join('\n')}\n`).toMatchFileSnapshot(join(FOLDER, name.replace('.yaml', '.components.txt')));
  await provider.shutdown();
});

test.each(files)('what is diagnosed of %s are the values that the library makes of it', (name) => {
  const file = join(FOLDER, name);
  withEnvironment(ENVIRONMENT, () => {
    const { model } = diagnose(parseDocument(readFileSync(file, 'utf8'), { version: '1.2' }));
    const { file_format: _format, ...rest } = model as Record<string, unknown>;
    expect(rest).toEqual(parseConfigFile(file));
  });
});

test.each(files)('%s is a configuration as well when the library has parsed it', (name) => {
  const model = withEnvironment(ENVIRONMENT, () => parseConfigFile(join(FOLDER, name)));
  expect(findMistakes(model, options)).toEqual([]);
});

const own = KNOWN_COMPONENTS.filter((provider) => !standardComponents.includes(provider));

test.each(own.map((provider) => [provider.name, provider] as const))(
  'every property of `%s` is in one of these files',
  (name, { schema }) => {
    const models = files.map((file): unknown => parse(readFileSync(join(FOLDER, file), 'utf8')));
    const used = new Set(nodesOf(name, models).flatMap((properties) => pathsIn(properties)));
    expect(schemaPaths(schema).filter((path) => !used.has(path))).toEqual([]);
  },
);

test('the environment of the process is what it was afterwards', () => {
  const before = process.env;
  findMistakes(join(FOLDER, 'standard.yaml'), { environment: {} });
  expect(process.env).toBe(before);
  expect(() => withEnvironment({}, () => JSON.parse('{') as unknown)).toThrow(SyntaxError);
  expect(process.env).toBe(before);
});
