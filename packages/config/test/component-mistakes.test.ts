import type { ComponentProvider } from '@spillway/core/component-provider';
import { findMistakes } from '@spillway/config';
import { expect, test } from 'vitest';

import { foreignComponents } from './components.ts';
import { processorMistakes } from './mistake-lines.ts';

const components = foreignComponents();

/** What is wrong with one processor, without the file and the place in it. */
function mistakes(processor: string, environment?: Record<string, string>): string[] {
  const lines = processorMistakes(`- ${processor}`, { components, ...(environment && { environment }) });
  return lines.map((line) => line.replace(/^spillway.yaml:\d+:\d+: /, ''));
}

/** The same for properties of an exporter. */
function exporterMistakes(properties: string, environment?: Record<string, string>): string[] {
  return mistakes(`queue: {exporter: {keeping: {${properties}}}}`, environment).map((line) =>
    line.replace('logger_provider.processors[0].queue.exporter.keeping', '...'),
  );
}

test.each([
  [
    'an unknown name, with those that are known and the nearest',
    'queu: {exporter: {console: }}',
    'Expected `logger_provider.processors[0].queu` to be a processor: KNOWN. Did you mean `queue`?',
  ],
  ['a name far from all', 'kafka: {}', 'Expected `logger_provider.processors[0].kafka` to be a processor: KNOWN.'],
  [
    'an exporter where a processor belongs',
    'console:',
    'Expected `logger_provider.processors[0].console` to be a processor, but `console` is an exporter: put it inside `hybrid`, `batch` or `simple` as `exporter`.',
  ],
  [
    'a processor where an exporter belongs',
    'simple: {exporter: {batch: {exporter: {console: }}}}',
    'Expected `logger_provider.processors[0].simple.exporter.batch` to be an exporter, but `batch` is a processor: it stands in the list of `processors`, or inside another processor as `delegate`.',
  ],
  [
    'a standard exporter that JavaScript has not',
    'simple: {exporter: {otlp_file/development: }}',
    'Expected `logger_provider.processors[0].simple.exporter.otlp_file/development` to be another component: OpenTelemetry for JavaScript has no `otlp_file/development`.',
  ],
  [
    'a standard processor that JavaScript has not',
    'event_to_span_event_bridge/development:',
    'Expected `logger_provider.processors[0].event_to_span_event_bridge/development` to be another component: OpenTelemetry for JavaScript has no `event_to_span_event_bridge/development`.',
  ],
  [
    'a missing exporter',
    'queue:',
    'Expected `logger_provider.processors[0].queue.exporter` to be given. Where they go.',
  ],
  [
    'a missing delegate',
    'thinning: {ratio: 1}',
    'Expected `logger_provider.processors[0].thinning.delegate` to be given. Where the others go.',
  ],
  [
    'an exporter that is null',
    'queue: {exporter: null}',
    'Expected `logger_provider.processors[0].queue.exporter` to be given. Where they go.',
  ],
  [
    'a processor with two names',
    '{simple: , exporter: {console: }}',
    'Expected `logger_provider.processors[0]` to have one key, the name of a processor, got `simple`, `exporter`. Properties stand below the name, further to the right.',
  ],
  [
    'a processor without a name',
    '{}',
    'Expected `logger_provider.processors[0]` to have one key, the name of a processor, got none.',
  ],
  [
    'a component that is written as a text',
    'queue: {exporter: console}',
    'Expected `logger_provider.processors[0].queue.exporter` to be an object with the name of an exporter as its key, got `console` (string). Write `console:` instead.',
  ],
  [
    'another text in the place of a component, which may be a secret',
    'queue: {exporter: hunter2}',
    'Expected `logger_provider.processors[0].queue.exporter` to be an object with the name of an exporter as its key, got `[redacted]` (string).',
  ],
  [
    'nothing in a list of components',
    'parting: {delegates: [null]}',
    'Expected `logger_provider.processors[0].parting.delegates[0]` to be an object with the name of a processor as its key, got `null` (null).',
  ],
  [
    'properties that are none',
    'simple: hunter2',
    'Expected `logger_provider.processors[0].simple` to be an object with the properties of `simple`, got `[redacted]` (string).',
  ],
  [
    'an item of a list',
    'thinning: {delegate: {simple: {exporter: {console: }}}, rules: [{scope: a}, {scop: b}]}',
    'Expected `logger_provider.processors[0].thinning.rules[1].scope` to be given. Scope.',
    'Expected `logger_provider.processors[0].thinning.rules[1].scop` to be left out: there is no such property. Did you mean `scope`?',
  ],
  [
    'a severity',
    'queue: {exporter: {console: }, min_severity: warning}',
    'Expected `logger_provider.processors[0].queue.min_severity` to be one of "trace", "debug", "info", "warn", "error", "fatal", with or without 2, 3 or 4 at the end, got `warning` (string). Did you mean "warn"?',
  ],
])('%s is a mistake', (_name, processor, ...lines) => {
  expect(mistakes(processor)).toEqual(lines);
});

test.each([
  [
    'a misspelt property, whose value is not shown',
    'tokn: hunter2',
    'Expected `....tokn` to be left out: there is no such property. Did you mean `token`?',
  ],
  [
    'a property that is far from all',
    'colour: red',
    'Expected `....colour` to be left out: there is no such property. There are `endpoint`, `token`, `headers_list`, `timeout`, `port`, `outbox`.',
  ],
  [
    'a misspelt property without a value',
    'tokn: null',
    'Expected `....tokn` to be left out: there is no such property. Did you mean `token`?',
  ],
  [
    'a number out of range',
    'port: 65536',
    'Expected `....port` to be an integer from 0 to 65535, got `65536` (number).',
  ],
  [
    'a number with a fraction',
    'port: 1.5',
    'Expected `....port` to be an integer from 0 to 65535, got `1.5` (number).',
  ],
  [
    'a text that is no number',
    'port: "80"',
    'Expected `....port` to be an integer from 0 to 65535, got `80` (string).',
  ],
  [
    'a number that is no text',
    'endpoint: 80',
    'Expected `....endpoint` to be a string that is not empty, got `80` (number). Put it in quotes.',
  ],
  [
    'an object that is no text',
    'endpoint: {a: 1}',
    'Expected `....endpoint` to be a string that is not empty, got `[object Object]` (object).',
  ],
  [
    'a secret of the wrong form',
    'token: HUNTER2',
    'Expected `....token` to be a string that matches ^[a-z]+$, got `[redacted]` (string).',
  ],
  [
    'a secret of the wrong kind',
    'token: 1234',
    'Expected `....token` to be a string that matches ^[a-z]+$, got `[redacted]` (number). Put it in quotes.',
  ],
  [
    'headers of the wrong kind',
    'headers_list: [hunter2]',
    'Expected `....headers_list` to be a string that is not empty, got `[redacted]` (array).',
  ],
  [
    'what the component itself has against it',
    'endpoint: wrong',
    'Expected `....endpoint` to be an address, got `wrong` (string).',
  ],
])('%s is a mistake', (_name, properties, line) => {
  expect(exporterMistakes(properties)).toEqual([line]);
});

test('credentials in an address are not shown', () => {
  expect(exporterMistakes('outbox: "http://user:hunter2@host/?key=hunter2"').join('')).not.toMatch('hunter2');
  expect(exporterMistakes('port: "http://user:hunter2@host/?key=hunter2"')).toEqual([
    'Expected `....port` to be an integer from 0 to 65535, got `http://[redacted]@host/?key=[redacted]` (string).',
  ]);
});

test('a value that comes from the environment says so', () => {
  expect(exporterMistakes('port: "${PORT}"', { PORT: 'many' })).toEqual([
    'Expected `....port` to be an integer from 0 to 65535, got `many` (string). It comes from `${PORT}`.',
  ]);
  expect(mistakes('queue: {exporter: "${NOT_SET}"}', { OTHER: 'x' })).toEqual([
    'Expected `logger_provider.processors[0].queue.exporter` to be an object with the name of an exporter as its key, got `[redacted]` (string). It comes from `${NOT_SET}`.',
  ]);
});

test('what must be given and comes from a variable that is not set says so', () => {
  const rules = '{delegate: {simple: {exporter: {console: }}}, rules: [scope: ${A}${env:B:-}]}';
  expect(mistakes(`thinning: ${rules.replace('${A}${env:B:-}', '"${A}${env:B:-}"')}`, {})).toEqual([
    'Expected `logger_provider.processors[0].thinning.rules[0].scope` to be a string that is not empty, got `` (string). It comes from `${A}`, `${B}`.',
  ]);
  expect(processorMistakes('- thinning:\n    delegate: ${WAY}', { components, environment: {} })).toEqual([
    'spillway.yaml:5:9: Expected `logger_provider.processors[0].thinning.delegate` to be given. It is written as `${WAY}`, which is empty. Where the others go.',
  ]);
});

test('every wrong reference to a variable is told, and what else is wrong, but nothing of what could not be read', () => {
  const text =
    '- queue:\n    exporter: "${A B}"\n- queue:\n    exporter: {keeping: {port: "${1}", token: "${X:=hunter2}", timeout: 0}}';
  expect(processorMistakes(text, { components })).toEqual([
    'spillway.yaml:5:19: Expected `logger_provider.processors[0].queue.exporter` to refer to an environment variable as `${NAME}` or `${NAME:-default}`, got `${A B}`.',
    'spillway.yaml:7:36: Expected `logger_provider.processors[1].queue.exporter.keeping.port` to refer to an environment variable as `${NAME}` or `${NAME:-default}`, got `${1}`.',
    'spillway.yaml:7:51: Expected `logger_provider.processors[1].queue.exporter.keeping.token` to refer to an environment variable as `${NAME}` or `${NAME:-default}`, got `${X:...}`.',
    'spillway.yaml:7:77: Expected `logger_provider.processors[1].queue.exporter.keeping.timeout` to be a number from 1 to 2147483647, got `0` (number).',
  ]);
});

test('mistakes below a misspelt name are told as well', () => {
  expect(processorMistakes('- batsh:\n    exporter: {konsole: }\n    max_queue_size: 0')).toEqual([
    'spillway.yaml:4:7: Expected `logger_provider.processors[0].batsh` to be a processor: KNOWN. Did you mean `batch`?',
    'spillway.yaml:5:20: Expected `logger_provider.processors[0].batsh.exporter.konsole` to be an exporter: KNOWN. Did you mean `console`?',
    'spillway.yaml:6:25: Expected `logger_provider.processors[0].batsh.max_queue_size` to be an integer from 1 and up, got `0` (number).',
  ]);
});

test('a null that a schema has a meaning for stays, and one that it has none for counts as left out', () => {
  expect(exporterMistakes('outbox: null, endpoint: null, timeout: null, token: ~')).toEqual([]);
});

test('what is in a secret is one, wherever its schema says so', () => {
  const keyring: ComponentProvider = {
    type: 'LogRecordExporter',
    name: 'keyring',
    schema: {
      type: 'object',
      properties: {
        keys: { type: 'array', writeOnly: true, items: { type: 'object', additionalProperties: { type: 'integer' } } },
      },
    },
    createComponent: () => expect.fail(),
  };
  const model = {
    logger_provider: { processors: [{ simple: { exporter: { keyring: { keys: [{ a: 'hunter2' }] } } } }] },
  };
  expect(findMistakes(model, { components: [keyring] }).map(({ message }) => message)).toEqual([
    'Expected `logger_provider.processors[0].simple.exporter.keyring.keys[0].a` to be an integer, got `[redacted]` (string).',
  ]);
});

test('a message is one line, however long a value or a name is', () => {
  const [value = ''] = exporterMistakes(`port: "${'a\\n'.repeat(100)}"`);
  expect(value).not.toMatch('\n');
  expect(value.length).toBeLessThan(200);
  expect(mistakes('{"a\\nb": , c: }').join('')).toContain('got `["a\\nb"]`, `c`');
});
