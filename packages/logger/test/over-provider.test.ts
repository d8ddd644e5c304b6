import { logs, ROOT_CONTEXT } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { Logger, type LogLevel } from '@spillway/logger';
import { afterEach, expect, test, vi } from 'vitest';

import { listenToDiag, overProvider, throwing } from './harness.ts';

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

afterEach(() => logs.disable());

test('a call becomes a record with scope, severity, body, topic and context', () => {
  const { logger, records } = overProvider({ name: 'dsp', version: '1.2.3' });
  void logger
    .child('pipeline')
    .child('filter')
    .info('initialized', 'init', { windowSize: 10, isFast: true, note: null });
  const [record] = records();
  expect(record).toMatchObject({
    instrumentationScope: { name: 'dsp.pipeline.filter', version: '1.2.3' },
    severityNumber: 9,
    severityText: 'INFO',
    body: 'initialized',
  });
  expect(record?.attributes).toEqual({
    'log.topic': 'dsp.pipeline.filter.init',
    windowSize: 10,
    isFast: true,
    note: null,
  });
});

test('a context can stand in the place of the topic', () => {
  const { logger, records } = overProvider({ name: 'dsp' });
  void logger.info('initialized', { windowSize: 10 });
  void logger.log('error', 'failed', new TypeError('odd'));
  const [context, error] = records().map(({ attributes }) => attributes);
  expect(context).toEqual({ 'log.topic': 'dsp.general', windowSize: 10 });
  expect(error).toMatchObject({
    'log.topic': 'dsp.general',
    'exception.type': 'TypeError',
    'exception.message': 'odd',
  });
});

test('each level has its severity, by its own method and by `log`', () => {
  const { logger, records } = overProvider();
  for (const level of LEVELS) {
    void logger[level]('text');
    void logger.log(level, 'text');
  }
  const numbers = records().map(({ severityNumber }) => severityNumber);
  expect(numbers).toEqual([1, 1, 5, 5, 9, 9, 13, 13, 17, 17, 21, 21]);
  expect(records().map(({ severityText }) => severityText)).toEqual(
    LEVELS.flatMap((level) => [level.toUpperCase(), level.toUpperCase()]),
  );
});

test('what is no level counts as info', () => {
  const { logger, records } = overProvider();
  const odd = ['toString', 'INFO', undefined, 17, Symbol('x'), Object.create(null), new Proxy({}, { get: throwing })];
  for (const level of odd) {
    void logger.log(level as never, 'text');
    expect(logger.isEnabled(level as never)).toBe(true);
  }
  expect(records().map(({ severityText }) => severityText)).toEqual(odd.map(() => 'INFO'));
});

test('what is below the level costs nothing: neither is the provider asked nor the context read', () => {
  const { provider } = overProvider();
  const getLogger = vi.spyOn(provider, 'getLogger');
  const logger = new Logger({ provider, level: 'warn' });
  const context = new Proxy({}, { ownKeys: throwing, get: throwing, getPrototypeOf: throwing });
  void logger.child('x').info('text', 'topic', context);
  expect([logger.isEnabled('info'), logger.isEnabled('warn')]).toEqual([false, true]);
  expect(getLogger).toHaveBeenCalledTimes(1);
  expect(logger.stats()).toMatchObject({ received: 0, passed: 0 });
});

test('a level that no processor wants costs no attributes', () => {
  const ownKeys = vi.fn<() => string[]>(() => []);
  const asked: unknown[] = [];
  const processor = {
    onEmit: vi.fn<() => void>(),
    forceFlush: async () => {},
    shutdown: async () => {},
    enabled: (options: { severityNumber?: number }) => asked.push(options.severityNumber) > 100,
  };
  const logger = new Logger({ provider: new LoggerProvider({ processors: [processor] }) });
  void logger.debug('text', 'topic', new Proxy({}, { ownKeys }));
  expect(logger.isEnabled('error')).toBe(false);
  expect(asked).toEqual([5, 17]);
  expect(ownKeys).not.toHaveBeenCalled();
  expect(processor.onEmit).not.toHaveBeenCalled();
});

test('all calls answer with one promise, which is resolved', async () => {
  const { logger } = overProvider({ level: 'info' });
  const answers = [logger.info('a'), logger.debug('b'), logger.child('x').error('c', 't', {})];
  expect(new Set(answers).size).toBe(1);
  await Promise.all(answers);
});

test('without a provider records go to the global one, whichever it is at the time', () => {
  const logger = new Logger({ name: 'app' });
  void logger.info('nobody is there');
  expect(logger.isEnabled('fatal')).toBe(false);
  for (const name of ['first', 'second']) {
    const exporter = new InMemoryLogRecordExporter();
    logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }));
    void logger.info(name);
    expect(exporter.getFinishedLogRecords().map(({ body }) => body)).toEqual([name]);
    logs.disable();
  }
  void logger.info('nobody is there any more');
  expect(logger.stats()).toMatchObject({ received: 2, passed: 2, held: 0, handlers: [] });
});

test('a provider that throws harms nobody, and diagnostics tell of it', async () => {
  const said = listenToDiag();
  const broken = { emit: throwing, enabled: throwing };
  for (const getLogger of [throwing, () => broken]) {
    const logger = new Logger({ provider: { getLogger } });
    await logger.info('text', 'topic', { a: 1 });
    expect(logger.isEnabled('info')).toBe(true);
    await logger.forceFlush();
  }
  expect(said.some((text) => text.includes('handed a record: TypeError: bug'))).toBe(true);
});

test('a flush flushes the provider, and a shutdown leaves it open for others', async () => {
  const { logger, provider, records } = overProvider();
  const forceFlush = vi.spyOn(provider, 'forceFlush');
  const shutdown = vi.spyOn(provider, 'shutdown');
  await logger.forceFlush({ timeoutMillis: 1234 });
  expect(forceFlush).toHaveBeenLastCalledWith({ timeoutMillis: 1234 });
  await logger.shutdown();
  expect(forceFlush).toHaveBeenCalledTimes(2);
  expect(forceFlush).toHaveBeenLastCalledWith({ timeoutMillis: 5000 });
  expect(shutdown).not.toHaveBeenCalled();
  void logger.info('still there');
  expect(records()).toHaveLength(1);
});

test('an endless budget is no budget of nothing', async () => {
  const said = listenToDiag();
  const { logger, provider } = overProvider();
  const flushed = vi.spyOn(provider, 'forceFlush');
  await logger.forceFlush({ timeoutMillis: Infinity });
  expect(flushed).toHaveBeenLastCalledWith({ timeoutMillis: 2 ** 31 - 1 });
  expect(said).toEqual([]);
});

test('a flush that fails or never ends does not reject', async () => {
  const said = listenToDiag();
  const { provider } = overProvider();
  const logger = new Logger({ provider });
  vi.spyOn(provider, 'forceFlush').mockRejectedValueOnce(new Error('no network'));
  await logger.forceFlush();
  expect(said.some((text) => text.includes('no network'))).toBe(true);
  vi.spyOn(provider, 'forceFlush').mockReturnValueOnce(new Promise(() => {}));
  await logger.forceFlush({ timeoutMillis: 1 });
});

test('a root without a name has the scope `unknown`, without a warning of the SDK', () => {
  const said = listenToDiag();
  const { logger, records } = overProvider({ defaultTopic: '' });
  void logger.info('text');
  expect(records()[0]?.instrumentationScope.name).toBe('unknown');
  expect(records()[0]?.attributes).toEqual({});
  expect(logger.path).toBe('');
  expect(said).toEqual([]);
});

test('records come in the context that is active', () => {
  const active: unknown[] = [];
  const processor = {
    onEmit: (_: unknown, emitContext: unknown) => void active.push(emitContext),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  void new Logger({ provider: new LoggerProvider({ processors: [processor] }) }).info('text');
  expect(active).toEqual([ROOT_CONTEXT]);
});
