import { hostname } from 'node:os';

import { diag } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { createLoggerProvider, findMistakes } from '@spillway/config';
import { afterEach, expect, test, vi } from 'vitest';

import type { KeepingExporter } from './components.ts';
import { foreignComponents } from './components.ts';

afterEach(() => diag.disable());

/** The records that come of these, with a configuration that has these sections besides. */
async function recordsOf(
  sections: { readonly logger_provider?: object; readonly [name: string]: unknown },
  records: readonly { readonly scope?: string; readonly severityNumber?: number; readonly attributes?: object }[],
  environment: Record<string, string> = {},
): Promise<readonly ReadableLogRecord[]> {
  let exporter: KeepingExporter | undefined;
  const processors = [{ queue: { exporter: { keeping: null } } }];
  const model = { ...sections, logger_provider: { processors, ...sections.logger_provider } };
  const provider = createLoggerProvider(model, {
    components: foreignComponents(),
    environment,
    onComponent: (one, { name }) => {
      if (name === 'keeping') exporter = one as KeepingExporter;
    },
  });
  for (const { scope = 'orders', ...record } of records) provider.getLogger(scope).emit(record as object);
  const resource = exporter?.records[0]?.resource;
  await resource?.waitForAsyncAttributes?.();
  return exporter?.records ?? [];
}

async function resourceOf(
  resource: object,
  environment?: Record<string, string>,
): Promise<ReadableLogRecord['resource']> {
  const [record] = await recordsOf({ resource }, [{}], environment);
  return (record as ReadableLogRecord).resource;
}

function messagesOf(resource: object): string[] {
  return findMistakes({ disabled: true, resource }).map(({ message }) => message);
}

test('the file goes before the environment, and that before the defaults of OpenTelemetry', async () => {
  const environment = {
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=attributes,zone=z1,team=env',
    OTEL_SERVICE_NAME: 'variable',
  };
  const attributes = [{ name: 'team', value: 'file' }];
  expect((await resourceOf({ attributes }, environment)).attributes).toMatchObject({
    'service.name': 'variable',
    'telemetry.sdk.language': 'nodejs',
    team: 'file',
    zone: 'z1',
  });
  const named = [{ name: 'service.name', value: 'shop' }];
  expect((await resourceOf({ attributes: named }, environment)).attributes['service.name']).toBe('shop');
  expect((await resourceOf({})).attributes['service.name']).toMatch(/^unknown_service/);
});

test('attributes have their types, whatever they are written as, and those that are null are left out', async () => {
  const attributes = [
    { name: 'text', value: 5, type: 'string' },
    { name: 'int', value: '5', type: 'int' },
    { name: 'double', value: '5.5', type: 'double' },
    { name: 'bool', value: 'false', type: 'bool' },
    { name: 'texts', value: [1, 2], type: 'string_array' },
    { name: 'ints', value: ['1', '2'], type: 'int_array' },
    { name: 'free', value: true, type: null },
    { name: 'null', value: null },
  ];
  const found = (await resourceOf({ attributes, attributes_list: 'text=no,more=a%20b' })).attributes;
  expect(found).toMatchObject({
    text: '5',
    int: 5,
    double: 5.5,
    bool: false,
    texts: ['1', '2'],
    ints: [1, 2],
    free: true,
    more: 'a b',
  });
  expect(found).not.toHaveProperty('null');
});

test.each([
  ['1.5', 'int', 'an integer'],
  ['', 'int', 'an integer'],
  ['x', 'double', 'a number'],
  ['yes', 'bool', 'a boolean'],
  [true, 'int', 'an integer'],
  [['a'], 'int_array', 'a list, each item an integer'],
  [1, 'int_array', 'a list, each item an integer'],
  [[1], 'int', 'an integer'],
])('%j is no value of type %s', (value, type, rule) => {
  const [message] = messagesOf({ attributes: [{ name: 'a', value, type }] });
  expect(message).toContain(
    `Expected \`resource.attributes[0].value\` to be ${rule}, as its type \`${type}\` says, got`,
  );
});

test('the schema of the resource is that of the file', async () => {
  expect((await resourceOf({ schema_url: 'https://example.com/1' })).schemaUrl).toBe('https://example.com/1');
});

test('what detectors find goes below the environment, and only what is wanted of it', async () => {
  const detectors = [{ host: null }, { process: {} }, { service: null }, { env: null }];
  const detection = {
    detectors,
    attributes: { included: ['host.*', 'process.p?d', 'service.*'], excluded: ['host.arch'] },
  };
  const { attributes } = await resourceOf(
    { 'detection/development': detection },
    { OTEL_RESOURCE_ATTRIBUTES: 'process.pid=1' },
  );
  expect(attributes).toMatchObject({ 'host.name': hostname(), 'process.pid': '1' });
  expect(attributes['service.instance.id']).toMatch(/^[0-9a-f-]{36}$/);
  const names = Object.keys(attributes);
  expect(names.filter((name) => /^(host.arch|os\.|process\.command)/.test(name))).toEqual([]);
});

test('a detector that JavaScript has not is left out, with a warning', async () => {
  const warn = vi.fn<(...parts: unknown[]) => void>();
  diag.setLogger({ warn, error() {}, info() {}, debug() {}, verbose() {} });
  await resourceOf({ 'detection/development': { detectors: [{ container: null }] } });
  expect(warn).toHaveBeenCalledWith('@spillway/config', expect.stringContaining('no detector `container`'));
});

test('a detector that there is not is a mistake', () => {
  expect(messagesOf({ 'detection/development': { detectors: [{ hosts: null }] } })).toEqual([
    'Expected `resource.detection/development.detectors[0].hosts` to be a detector: `host`, `os`, `process`, `service`, `env`, `container`. Did you mean `host`?',
  ]);
});

test('limits of records go before those of all signals', async () => {
  const attribute_limits = { attribute_count_limit: 1, attribute_value_length_limit: 2 };
  const [record] = await recordsOf({ attribute_limits, logger_provider: { limits: { attribute_count_limit: 2 } } }, [
    { attributes: { a: 'abc', b: 'abc', c: 'abc' } },
  ]);
  expect(record?.attributes).toEqual({ a: 'ab', b: 'ab' });
});

test('loggers make the records that their configurator wants', async () => {
  const loggers = [
    { name: 'noisy*', config: { minimum_severity: 'error' } },
    { name: 'off', config: { enabled: false } },
    { name: 'all', config: {} },
  ];
  const configurator = { default_config: { minimum_severity: 'info' }, loggers };
  const scopes = ['orders', 'noisy.one', 'off', 'all'];
  const records = scopes.flatMap((scope) => [5, 9, 17].map((severityNumber) => ({ scope, severityNumber })));
  const kept = await recordsOf({ logger_provider: { 'logger_configurator/development': configurator } }, records);
  expect(
    kept.map(({ instrumentationScope, severityNumber }) => `${instrumentationScope.name} ${severityNumber}`),
  ).toEqual(['orders 9', 'orders 17', 'noisy.one 17', 'all 5', 'all 9', 'all 17']);
});

test('sections about something else are ignored, and that is told', async () => {
  const info = vi.fn<(...parts: unknown[]) => void>();
  diag.setLogger({ warn() {}, error() {}, info, debug() {}, verbose() {} });
  await recordsOf({ tracer_provider: {}, propagator: {} }, []);
  expect(info).toHaveBeenCalledWith(
    '@spillway/config',
    'Sections that are not about logs are ignored: tracer_provider, propagator',
  );
});
