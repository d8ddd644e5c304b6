import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { ComponentProvider } from '@spillway/core/component-provider';
import { ConfigurationError, createLoggerProvider, createLogRecordProcessors } from '@spillway/config';
import { expect, onTestFinished, test, vi } from 'vitest';

import { foreignComponents, type Journal } from './components.ts';

/** An exporter that cannot be made, or that is none. */
function failingExporter(name: string, createComponent: () => unknown): ComponentProvider {
  return { type: 'LogRecordExporter', name, createComponent: createComponent as () => LogRecordExporter };
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

const failing = [
  failingExporter('occupied', () => {
    throw new Error('Port 80 is taken. The key hunter2 was right.');
  }),
  failingExporter('strange', () => {
    // eslint-disable-next-line typescript/only-throw-error -- others may throw anything
    throw 'a text';
  }),
  failingExporter('junk', () => ({ export() {} })),
  failingExporter('nothing', () => undefined),
];

test('where components cannot be made, all of them are told, and those that were made are shut down', () => {
  const journal: Journal = [];
  const model = {
    logger_provider: {
      processors: [
        { queue: { exporter: { keeping: null } } },
        { queue: { exporter: { occupied: { key: 'hunter2' } } } },
        {
          parting: {
            delegates: [{ queue: { exporter: { plain: null } } }, { simple: { exporter: { strange: null } } }],
          },
        },
        { simple: { exporter: { junk: null } } },
        { simple: { exporter: { nothing: null } } },
      ],
    },
  };
  const components = [...foreignComponents(journal), ...failing];
  const error = thrownBy(() => createLoggerProvider(model, { components })) as ConfigurationError;
  expect(error).toBeInstanceOf(ConfigurationError);
  const base = 'logger_provider.processors';
  expect(error.mistakes).toEqual([
    {
      path: `${base}[1].queue.exporter.occupied`,
      message: `\`${base}[1].queue.exporter.occupied\`: Port 80 is taken. The key [redacted] was right.`,
    },
    {
      path: `${base}[2].parting.delegates[1].simple.exporter.strange`,
      message: `\`${base}[2].parting.delegates[1].simple.exporter.strange\`: it threw string`,
    },
    {
      path: `${base}[3].simple.exporter.junk`,
      message: `\`${base}[3].simple.exporter.junk\`: What the provider of "junk" has made is no LogRecordExporter: it has no forceFlush().`,
    },
    {
      path: `${base}[4].simple.exporter.nothing`,
      message: `\`${base}[4].simple.exporter.nothing\`: What the provider of "nothing" has made is no LogRecordExporter: it has no export().`,
    },
  ]);
  expect(error.message).toBe(
    ['The configuration has 4 mistakes:', ...error.mistakes.map(({ message }) => `  ${message}`)].join('\n'),
  );
  expect(journal.filter((entry) => entry.endsWith('made'))).toEqual([
    'keeping made',
    'queue made',
    'keeping made',
    'queue made',
  ]);
  expect(journal.slice(4)).toEqual(
    expect.arrayContaining(['queue shut down', 'keeping shut down', 'queue shut down', 'keeping shut down']),
  );
});

test('where the application does not want a component after all, everything is shut down', () => {
  const journal: Journal = [];
  const options = {
    components: foreignComponents(journal),
    onComponent: () => {
      throw new Error('not this one');
    },
  };
  const model = { logger_provider: { processors: [{ queue: { exporter: { keeping: null } } }] } };
  expect(() => createLoggerProvider(model, options)).toThrow('not this one');
  expect(journal).toContain('queue shut down');
});

test('nothing is made where there is a mistake anywhere', () => {
  const journal: Journal = [];
  const model = { logger_provider: { processors: [{ queue: { exporter: { keeping: null } } }, { queue: null }] } };
  const make = () => createLogRecordProcessors(model, { components: foreignComponents(journal) });
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow('Expected `logger_provider.processors[1].queue.exporter` to be given.');
  expect(journal).toEqual([]);
});

test('a configuration that is disabled makes nothing', async () => {
  const journal: Journal = [];
  const model = { disabled: true, logger_provider: { processors: [{ queue: { exporter: { keeping: null } } }] } };
  const options = { components: foreignComponents(journal) };
  expect(createLogRecordProcessors(model, options)).toEqual([]);
  expect(createLogRecordProcessors({ disabled: true }, options)).toEqual([]);
  createLoggerProvider(model, options).getLogger('orders').emit({ body: 'lost, as was asked for' });
  expect(journal).toEqual([]);
});

test.each([' TRUE ', 'true'])('with OTEL_SDK_DISABLED=%j nothing is made, nor even read', async (value) => {
  const made: unknown[] = [];
  const environment = { OTEL_SDK_DISABLED: value };
  const options = { environment, onComponent: (component: unknown) => made.push(component) };
  const model = { logger_provider: { processors: [{ simple: { exporter: { console: null } } }] } };
  for (const source of [model, { logger_provider: 'nonsense' }, '/nowhere/spillway.yaml']) {
    expect(createLogRecordProcessors(source, options)).toEqual([]);
    const provider = createLoggerProvider(source, options);
    provider.getLogger('orders').emit({ body: 'lost, as was asked for' });
    await provider.shutdown();
  }
  expect(made).toEqual([]);
});

test('OTEL_SDK_DISABLED of the process counts where no environment is given, and no other value does', async () => {
  vi.stubEnv('OTEL_SDK_DISABLED', 'true');
  onTestFinished(() => void vi.unstubAllEnvs());
  const model = { logger_provider: { processors: [{ queue: { exporter: { keeping: null } } }] } };
  const components = foreignComponents();
  expect(createLogRecordProcessors(model, { components })).toEqual([]);
  for (const value of ['false', '1', 'yes']) {
    expect(createLogRecordProcessors(model, { components, environment: { OTEL_SDK_DISABLED: value } })).toHaveLength(1);
  }
});

test('mistakes in options are thrown though OTEL_SDK_DISABLED is set', () => {
  const options = { environment: { OTEL_SDK_DISABLED: 'true' }, componets: [] };
  expect(() => createLoggerProvider({}, options)).toThrow(TypeError);
});

test('components and the provider get the meter provider', () => {
  const context: unknown[] = [];
  const provider: ComponentProvider = {
    type: 'LogRecordExporter',
    name: 'metered',
    createComponent(_properties, given) {
      context.push(given);
      return { export() {}, async forceFlush() {}, async shutdown() {} };
    },
  };
  const meters: string[] = [];
  const selfObsMeterProvider = {
    getMeter(name: string) {
      meters.push(name);
      throw new Error('enough');
    },
  };
  const model = { logger_provider: { processors: [{ simple: { exporter: { metered: null } } }] } };
  expect(() => createLoggerProvider(model, { components: [provider], selfObsMeterProvider })).toThrow('enough');
  expect(context).toEqual([{ selfObsMeterProvider }]);
  expect(meters).toContain('@opentelemetry/sdk-logs');
});

test('flushOnCrash wants a provider that has processors, and is no option of those who get the processors', async () => {
  const before = process.listenerCount('SIGTERM');
  await createLoggerProvider({ disabled: true }, { flushOnCrash: true }).shutdown();
  expect(process.listenerCount('SIGTERM')).toBe(before);
  expect(() => createLogRecordProcessors({}, { flushOnCrash: true } as object)).toThrow(TypeError);
  expect(() => createLoggerProvider({}, { flushOnCrash: 1 as unknown as boolean })).toThrow(
    'Expected `flushOnCrash` to be a boolean',
  );
});
