import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { Logger, recordingHandler } from '@spillway/logger';

import { listenToDiag, overProvider, throwing } from './harness.ts';

/** The attributes that a call makes of its context. */
function attributesOf(context: unknown, message: unknown = 'text'): Record<string, unknown> {
  const { logger, records } = overProvider({ defaultTopic: 'topic' });
  void logger.error(message as string, undefined, context as object);
  const [record] = records();
  expect(records()).toHaveLength(1);
  const { 'log.topic': topic, ...others } = record?.attributes ?? {};
  expect(topic).toBe('topic');
  return others;
}

class DatabaseError extends Error {}

test('an error becomes the exception of the record, whether it is message, context or in the context', () => {
  const error = new TypeError('no such field');
  const exception = {
    'exception.type': 'TypeError',
    'exception.message': 'no such field',
    'exception.stacktrace': expect.stringContaining('context.test.ts'),
  };
  expect(attributesOf(error)).toEqual(exception);
  expect(attributesOf(undefined, error)).toEqual(exception);
  for (const name of ['error', 'err', 'exception']) expect(attributesOf({ [name]: error })).toEqual(exception);
  expect(attributesOf({ error, order: 7 })).toEqual({ ...exception, order: 7 });
});

test('where the message is an error, another one in the context is kept as an object', () => {
  const message = Object.assign(new Error('first'), { code: 1 });
  expect(attributesOf(message, message)['error']).toEqual({ code: 1 });
  expect(attributesOf(new Error('second'), message)).toMatchObject({
    'exception.message': 'first',
    error: { code: 1 },
    'context.error': { name: 'Error', message: 'second' },
  });
});

test('the message of an error is the body, or its name where it has none', () => {
  const { logger, records } = overProvider();
  void logger.error(new TypeError('no such field'));
  void logger.error(new RangeError());
  expect(records().map(({ body }) => body)).toEqual(['no such field', 'RangeError']);
});

test('a class that sets no name of its own is the type of its errors', () => {
  expect(attributesOf(new DatabaseError('down'))['exception.type']).toBe('DatabaseError');
});

test('what an error has besides stays, under its name', () => {
  const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', port: 5432 });
  const others = { code: 'ECONNREFUSED', port: 5432 };
  expect(attributesOf({ err: error })['err']).toEqual(others);
  expect(attributesOf(error)['error']).toEqual(others);
  expect(attributesOf({ error: 'own' }, error)).toMatchObject({ error: others, 'context.error': 'own' });
});

test('the stack has those of all causes, and of the errors that an error stands for', () => {
  const root = new RangeError('root');
  const error = new AggregateError([new Error('one'), 'two'], 'all', { cause: new Error('middle', { cause: root }) });
  root.cause = error;
  const stack = String(attributesOf(error)['exception.stacktrace']);
  const heads = stack.split('\n').filter((line) => !line.startsWith('    at '));
  expect(heads).toEqual([
    'AggregateError: all',
    'Caused by: Error: middle',
    'Error 1: Error: one',
    'Error 2: two',
    'Caused by: RangeError: root',
  ]);
});

test('a long chain of causes with long stacks is cut', () => {
  let error = new Error('root');
  for (let index = 0; index < 100; index += 1) error = new Error('x'.repeat(20_000), { cause: error });
  expect(String(attributesOf(error)['exception.stacktrace']).length).toBeLessThan(100_000);
});

test('a second error is an object under its own name', () => {
  const attributes = attributesOf({ error: new Error('first'), err: new Error('second') });
  expect(attributes).toMatchObject({ 'exception.message': 'first', err: { name: 'Error', message: 'second' } });
});

test('nested values, dates, maps and big numbers are kept', () => {
  const context = { at: new Date(0), tags: new Set(['a']), sizes: new Map([['b', 1n]]), list: [1, { c: undefined }] };
  expect(attributesOf(context)).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    tags: ['a'],
    sizes: { b: '1' },
    list: [1, {}],
  });
  expect(attributesOf(new Map([['key', 'value']]))).toEqual({ key: 'value' });
  expect(attributesOf({ toJSON: () => ({ shown: 1 }) })).toEqual({ shown: 1 });
});

test('later changes to a context do not reach the record', () => {
  const { logger, records } = overProvider();
  const context = { list: [1], flat: 1 };
  void logger.info('text', 'topic', context);
  context.list.push(2);
  context.flat = 2;
  expect(records()[0]?.attributes).toMatchObject({ list: [1], flat: 1 });
});

test('a context that has no names is the attribute `context`', () => {
  expect(attributesOf(['a', 'b'])).toEqual({ context: ['a', 'b'] });
  expect(attributesOf(new Date(0))).toEqual({ context: '1970-01-01T00:00:00.000Z' });
  expect(attributesOf('text')).toEqual({ context: 'text' });
  expect(attributesOf(null)).toEqual({});
});

test('names that are taken, or that no attribute can have, stand behind `context.`', () => {
  expect(attributesOf({ 'log.topic': 'mine', 'context.log.topic': 'too' })).toEqual({
    'context.log.topic': 'mine',
    'context.context.log.topic': 'too',
  });
  expect(attributesOf({ 'exception.type': 'own' })).toEqual({ 'exception.type': 'own' });
  expect(attributesOf({ error: new Error('x'), 'exception.type': 'own' })).toMatchObject({
    'exception.type': 'Error',
    'context.exception.type': 'own',
  });
  expect(attributesOf(JSON.parse('{"":1,"__proto__":2,"constructor":3}'))).toEqual({
    'context.': 1,
    'context.__proto__': 2,
    constructor: 3,
  });
});

test('an object with names inside that the SDK cannot hold is kept as JSON, without a warning', () => {
  const said = listenToDiag();
  const inner = '{"constructor":"ACME","bytes":"[2 bytes]"}';
  const building: unknown = { ...JSON.parse(inner), bytes: new Uint8Array(2) };
  expect(attributesOf({ building, proto: JSON.parse('[{"__proto__":1}]') })).toEqual({
    building: inner,
    proto: '[{"__proto__":1}]',
  });
  expect(said).toEqual([]);
});

test('topic and exception are kept where a provider drops what is beyond its limit', () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, index]));
  const attributes = attributesOf({ ...many, error: new Error('kept') });
  expect(attributes['exception.message']).toBe('kept');
  expect(Object.keys(attributes)).toHaveLength(127);
});

const nested = (depth: number): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level += 1) value = { value };
  return value;
};
const circular: Record<string, unknown> = {};
circular['self'] = circular;
const trapped = new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing, getPrototypeOf: throwing });
const revoked = Proxy.revocable({}, {});
revoked.revoke();
let reads = 0;
const fickle = new Proxy({ a: 1 }, { get: () => ((reads += 1) % 2 === 0 ? trapped : 'text') });

const hostile: readonly unknown[] = [
  circular,
  12n,
  Symbol('x'),
  throwing,
  trapped,
  fickle,
  revoked.proxy,
  new Proxy(new Error('x'), { get: throwing, getPrototypeOf: throwing }),
  new Proxy(new Error('x'), { get: throwing }),
  Object.defineProperty(new Error('x'), 'stack', { get: throwing }),
  Object.defineProperty({}, 'key', { get: throwing, enumerable: true }),
  Object.defineProperty({}, 'error', { get: throwing, enumerable: true }),
  { toJSON: throwing },
  { key: { toJSON: throwing } },
  new Date(Number.NaN),
  new Map<unknown, unknown>([[Symbol('x'), circular]]),
  nested(5000),
  Object.create(null),
  Object.create(Error.prototype),
  Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, { index }])),
  'x'.repeat(1_000_000),
  new Error('x', { cause: trapped }),
  Object.assign(new Error('x'), { cause: circular, errors: trapped }),
];

test.each(hostile.map((value, index) => [index, value] as const))(
  'hostile value %i is logged, as message, as context and inside it, over a provider and alone',
  async (_index, value) => {
    const said = listenToDiag();
    const { logger, records } = overProvider();
    const recording = recordingHandler();
    const alone = new Logger({ handlers: [recording] });
    for (const each of [logger, alone]) {
      await each.info('text', 'topic', value as object);
      await each.info('text', 'topic', { before: 1, value, error: value });
      await each.info(value as string, 'topic', { error: new Error('x'), value });
    }
    for (const kept of [records(), recording.records]) {
      expect(kept).toHaveLength(3);
      expect(kept[1]?.attributes['before']).toBe(1);
      for (const { attributes, body } of kept) {
        expect(attributes['log.topic']).toBe('topic');
        expect(JSON.stringify([attributes, body])).toBeTypeOf('string');
      }
    }
    expect(said.filter((text) => !text.includes('Dropping extra attributes'))).toEqual([]);
    await alone.shutdown();
  },
);

test('whatever a context is, one record comes of it, with all names of a plain one', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
  });
  fc.assert(
    fc.property(anything, fc.dictionary(fc.string(), anything, { maxKeys: 20 }), (message, context) => {
      const { logger, records } = overProvider({ name: 'app' });
      expect(() => logger.warn(message as string, 'topic', context)).not.toThrow();
      const [record] = records();
      expect(records()).toHaveLength(1);
      const attributes = record?.attributes ?? {};
      expect(attributes['log.topic']).toBe('app.topic');
      if (typeof context['toJSON'] === 'function') return;
      for (const [name, value] of Object.entries(context)) {
        const isFit = name !== '' && name !== '__proto__' && name !== 'log.topic';
        expect(Object.hasOwn(attributes, isFit ? name : `context.${name}`)).toBe(value !== undefined);
      }
    }),
  );
});
