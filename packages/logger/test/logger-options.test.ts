import { InMemoryLogRecordExporter, LoggerProvider } from '@opentelemetry/sdk-logs';
import { Logger, type LoggerOptions, toHandler } from '@spillway/logger';
import { expect, expectTypeOf, test } from 'vitest';

const handler = (): void => {};
const provider = new LoggerProvider();

test.each<[string, unknown, string]>([
  ['no object', 5, 'Expected `options` to be an object, got `5` (number).'],
  ['a misspelt option', { nmae: 'x' }, 'Expected `nmae` to be left out: it is none of `name`'],
  ['a name that is no text', { name: 5 }, 'Expected `name` to be a string, got `5` (number).'],
  ['an empty version', { version: '' }, 'Expected `version` to be a string that is not empty'],
  [
    'an unknown level',
    { level: 'INFO' },
    'Expected `level` to be one of "trace", "debug", "info", "warn", "error", "fatal"',
  ],
  ['a topic that is no text', { defaultTopic: null }, 'Expected `defaultTopic` to be left out or given a value'],
  ['a provider that is none', { provider: {} }, 'Expected `provider` to be an object with getLogger()'],
  [
    'both provider and handlers',
    { provider, handlers: [handler] },
    'Expected `provider` to be left out with `handlers`',
  ],
  ['handlers that are no array', { handlers: handler }, 'Expected `handlers` to be an array of at least one function'],
  ['no handlers', { handlers: [] }, 'Expected `handlers` to be an array of at least one function'],
  [
    'a handler twice',
    { handlers: [handler, handler] },
    'Expected `handlers[1]` to be another function than handlers[0]',
  ],
  [
    'an exporter',
    { handlers: [new InMemoryLogRecordExporter()] },
    '`handlers[0]` to be a function; an exporter becomes one',
  ],
  [
    'a fallback that is none',
    { handlers: [handler], fallbackHandler: {} },
    'Expected `fallbackHandler` to be a function',
  ],
  ['a fallback that is a handler', { handlers: [handler], fallbackHandler: handler }, 'to be none of the handlers'],
  [
    'a resource that is none',
    { handlers: [handler], resource: [] },
    'Expected `resource` to be an object of attributes',
  ],
  [
    'a bound of nothing',
    { handlers: [handler], maxPending: 0 },
    'Expected `maxPending` to be an integer from 1 and up',
  ],
  [
    'a fallback without handlers',
    { fallbackHandler: handler },
    'Expected `fallbackHandler` to be left out without `handlers`',
  ],
  ['a resource without handlers', { provider, resource: {} }, 'Expected `resource` to be left out without `handlers`'],
])('%s throws in the constructor', (_what, options, message) => {
  expect(() => new Logger(options as LoggerOptions)).toThrow(message);
});

test('what is no exporter throws where it is made a handler', () => {
  expect(() => toHandler({} as never)).toThrow(
    'Expected `exporter` to be an object with export(), forceFlush(), shutdown()',
  );
});

test('contexts are checked by type', () => {
  interface Order {
    readonly orderId: number;
    readonly error?: Error;
  }
  const order: Order = { orderId: 1 };
  const logger = new Logger<Order>({ provider });
  expectTypeOf<Logger<Order>['info']>().parameter(2).toEqualTypeOf<Order | Error | undefined>();
  void logger.info('text', 'topic', { orderId: 7 });
  void logger.error('text', 'topic', new Error('x'));
  // @ts-expect-error: another type
  void logger.info('text', 'topic', { orderId: '7' });
  // @ts-expect-error: another name
  void logger.info('text', 'topic', { orderId: 7, more: 1 });
  // @ts-expect-error: no such level
  void logger.log('warning', 'text');
  void logger.info('text', { orderId: 7 });
  void logger.error('text', new Error('x'));
  // @ts-expect-error: another type, without a topic as well
  void logger.info('text', { orderId: '7' });
  const child = logger.child('part');
  expectTypeOf(child).toEqualTypeOf<typeof logger>();
  expectTypeOf(logger.child<{ readonly id: string }>('part')).toEqualTypeOf<Logger<{ readonly id: string }>>();
  void new Logger({ provider }).info('text', 'topic', order);
  expectTypeOf(new Logger()).toEqualTypeOf<Logger>();
  // @ts-expect-error: a text is no context
  void new Logger({ provider }).info('text', 'topic', 'context');
});
