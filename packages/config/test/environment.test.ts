import { diag } from '@opentelemetry/api';
import {
  component,
  type ComponentProvider,
  defineComponentProvider,
  group,
  integer,
  number,
  required,
  severityNumber,
  text,
} from '@spillway/core/component-provider';
import {
  type ConfigurationError,
  type ConfigurationModel,
  createLoggerProvider,
  type Environment,
  findMistakes,
  readEnvironment,
} from '@spillway/config';
import { afterEach, expect, test, vi } from 'vitest';

import { KNOWN_COMPONENTS } from '../src/known-components.ts';
import { foreignComponents, KeepingExporter, PassingProcessor } from './components.ts';

/** The processors that the environment stands for, as far as they are not known anyway. */
const processors = [
  defineComponentProvider({
    type: 'LogRecordProcessor',
    name: 'hybrid',
    description: 'Queue.',
    properties: {
      exporter: required(component('LogRecordExporter', 'Exporter.')),
      immediate_min_severity: severityNumber('Severity.'),
    },
    create: (options: object) => new PassingProcessor('hybrid', options, []),
  }),
  defineComponentProvider({
    type: 'LogRecordProcessor',
    name: 'sampling',
    description: 'Sampling.',
    properties: {
      delegate: required(component('LogRecordProcessor', 'Delegate.')),
      ratio: number('Ratio.', { max: 1 }),
    },
    create: (options: object) => new PassingProcessor('sampling', options, []),
  }),
].filter(({ name }) => !KNOWN_COMPONENTS.some((known) => known.name === name));

const nesting = defineComponentProvider({
  type: 'LogRecordExporter',
  name: 'nesting',
  description: 'Has properties further below.',
  properties: {
    endpoint: required(text('Address. Of what it is.')),
    routing_key: text('Key.', { pattern: '^[a-z]+$', isSecret: true }),
    compression: text('Compression.'),
    pull: group('Server.', { host: text('Host.'), port: integer('Port.'), bearer_token: text('Token.') }),
    outbox: group('Outbox.', { file: group('File.', { directory: text('Directory.') }) }),
  },
  create: (options: object) => new KeepingExporter(options, []),
});

const components: readonly ComponentProvider[] = [...foreignComponents(), ...processors, nesting];

afterEach(() => diag.disable());

function hybridTo(loki: object): object {
  return { processors: [{ hybrid: { exporter: { loki } } }] };
}

function modelOf(environment: Environment): ConfigurationModel | undefined {
  return readEnvironment(environment, { components });
}

/** What is wrong with these variables, whoever finds it. */
function messagesOf(environment: Environment): readonly string[] {
  try {
    const model = readEnvironment(environment, { components });
    return findMistakes(model ?? {}, { components }).map(({ message }) => message);
  } catch (error) {
    return (error as ConfigurationError).mistakes.map(({ message }) => message);
  }
}

test('one variable names the exporter, which stands below the hybrid processor', () => {
  expect(modelOf({ SPILLWAY_EXPORTER: ' console ' })).toEqual({
    logger_provider: { processors: [{ hybrid: { exporter: { console: {} } } }] },
  });
});

test('without that variable there is no configuration', () => {
  expect(modelOf({})).toBe(undefined);
  expect(modelOf({ SPILLWAY_EXPORTER: '', SPILLWAY_ENDPOINT: ' ', SPILLWAY_CONFIG_FILE: 'x' })).toBe(undefined);
});

test('each variable becomes a property of the component that has it', () => {
  const model = modelOf({
    SPILLWAY_EXPORTER: 'nesting',
    SPILLWAY_ENDPOINT: 'http://127.0.0.1',
    SPILLWAY_ROUTING_KEY: 'abc',
    SPILLWAY_COMPRESSION: 'gzip',
    SPILLWAY_HOST: '::1',
    SPILLWAY_PORT: '80',
    SPILLWAY_BEARER_TOKEN: '123',
    SPILLWAY_OUTBOX_DIRECTORY: '/var/log',
    SPILLWAY_IMMEDIATE_MIN_SEVERITY: 'warn',
    SPILLWAY_SAMPLING_RATIO: '0.5',
  });
  const exporter = {
    endpoint: 'http://127.0.0.1',
    routing_key: 'abc',
    compression: 'gzip',
    pull: { host: '::1', port: 80, bearer_token: '123' },
    outbox: { file: { directory: '/var/log' } },
  };
  const hybrid = { immediate_min_severity: 'warn', exporter: { nesting: exporter } };
  expect(model).toEqual({ logger_provider: { processors: [{ sampling: { ratio: 0.5, delegate: { hybrid } } }] } });
  expect(findMistakes(model ?? {}, { components })).toEqual([]);
});

test('an exporter that can send from a worker does so, unless an outbox in a file brings one along', () => {
  const endpoint = 'http://127.0.0.1';
  const environment = { SPILLWAY_EXPORTER: 'loki', SPILLWAY_ENDPOINT: endpoint };
  const [alone, withOutbox] = [{}, { SPILLWAY_OUTBOX_DIRECTORY: '/var/log' }].map((more) =>
    readEnvironment({ ...environment, ...more }),
  );
  expect(alone?.logger_provider).toEqual(hybridTo({ endpoint, worker: true }));
  expect(withOutbox?.logger_provider).toEqual(hybridTo({ endpoint, outbox: { file: { directory: '/var/log' } } }));
});

test('the model makes a provider', async () => {
  let exporter: unknown;
  const environment = {
    SPILLWAY_EXPORTER: 'keeping',
    SPILLWAY_TIMEOUT: '5',
    SPILLWAY_HEADERS: 'a=b',
    SPILLWAY_PORT: '1',
  };
  const provider = createLoggerProvider(readEnvironment(environment, { components }) ?? {}, {
    components,
    onComponent: (one, { name }) => {
      if (name === 'keeping') exporter = one;
    },
  });
  expect((exporter as KeepingExporter).options).toEqual({ timeout: 5, headersList: 'a=b', port: 1 });
  await provider.shutdown();
});

test.each([
  [
    'a variable that the exporter has no use for',
    { SPILLWAY_EXPORTER: 'console', SPILLWAY_ENDPOINT: 'x', SPILLWAY_OUTBOX_DIRECTORY: 'y' },
    'Expected `SPILLWAY_ENDPOINT` not to be set: `console` has no `endpoint`.',
    'Expected `SPILLWAY_OUTBOX_DIRECTORY` not to be set: `console` has no `outbox.file.directory`.',
  ],
  [
    'a variable without an exporter',
    { SPILLWAY_ENDPOINT: 'x' },
    'Expected `SPILLWAY_EXPORTER` to be set where `SPILLWAY_ENDPOINT` is.',
  ],
  [
    'a value of the wrong form, a secret one without showing it',
    { SPILLWAY_EXPORTER: 'nesting', SPILLWAY_ENDPOINT: 'x', SPILLWAY_PORT: 'hunter', SPILLWAY_ROUTING_KEY: '2' },
    'Expected `SPILLWAY_ROUTING_KEY` to be a string that matches ^[a-z]+$, got `[redacted]` (string).',
    'Expected `SPILLWAY_PORT` to be an integer from 0 and up, got `hunter` (string).',
  ],
  [
    'a variable that the exporter cannot do without',
    { SPILLWAY_EXPORTER: 'nesting' },
    'Expected `SPILLWAY_ENDPOINT` to be given. Address.',
  ],
  [
    'a ratio out of range',
    { SPILLWAY_EXPORTER: 'console', SPILLWAY_SAMPLING_RATIO: '2' },
    'Expected `SPILLWAY_SAMPLING_RATIO` to be a number from 0 to 1, got `2` (number).',
  ],
])('%s is a mistake that names the variable', (_name, environment, ...messages) => {
  expect(messagesOf(environment)).toEqual(messages);
});

test('an exporter that there is not is a mistake, with those that there are and the nearest', () => {
  const [message] = messagesOf({ SPILLWAY_EXPORTER: 'nestling' });
  expect(message).toMatch(
    /^Expected `SPILLWAY_EXPORTER` to be one of .*"console".*"nesting", got `nestling` \(string\). Did you mean "nesting"\?$/,
  );
});

test('a misspelt variable is warned of, and others of the same beginning are left alone', () => {
  const warn = vi.fn<(...parts: unknown[]) => void>();
  diag.setLogger({ warn, error() {}, info() {}, debug() {}, verbose() {} });
  modelOf({ SPILLWAY_EXPORTR: 'loki', SPILLWAY_REQUIRE: 'prometheus', SPILLWAY_TEAM: 'a', SPILWAY_EXPORTER: 'x' });
  expect(warn.mock.calls).toEqual([
    ['@spillway/config', '`SPILLWAY_EXPORTR` has no effect: did you mean `SPILLWAY_EXPORTER`?'],
  ]);
});
