import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { toOptions } from '@spillway/core/component-provider';
import type { DeliveryOptions, RequestHeaderOptions } from '@spillway/delivery';
import {
  checkDeliveryOptions,
  deliveryProperties,
  holdingProperties,
  requestHeaderProperties,
} from '@spillway/delivery/component-properties';
import { expect, onTestFinished, test } from 'vitest';

import { resolveDeliveryOptions } from '../src/delivery-options.ts';
import { resolveFileOutboxOptions } from '../src/file-outbox/file-outbox-options.ts';
import { MemoryOutbox } from '../src/outbox.ts';
import { checkRequestHeaders } from '../src/request-headers.ts';

const SECRET = 'hunter2';

const deliveryOf = (values: object): DeliveryOptions => toOptions(deliveryProperties, values);
const headersOf = (values: object): RequestHeaderOptions => toOptions(requestHeaderProperties, values);

/** A directory that is not there yet. */
function newDirectory(): string {
  const parent = mkdtempSync(join(tmpdir(), 'outbox-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  return join(parent, 'new');
}

test('every delivery property reaches its option', () => {
  const { outbox, backoff, worker, ...options } = deliveryOf({
    timeout: 1,
    outbox: { memory: { max_bytes: 2048 } },
    worker: true,
    max_bytes_per_second: 2000,
    backoff: { initial_delay: 10, factor: 3, max_delay: 50, additive_jitter: 5 },
    max_attempts: 4,
    max_age: 5,
    compression: 'none',
    max_concurrent_requests: 6,
  });
  expect(options).toEqual({
    attemptTimeoutMillis: 1,
    maxBytesPerSecond: 2000,
    maxAttempts: 4,
    maxAgeMillis: 5,
    compression: 'none',
    maxConcurrentRequests: 6,
  });
  expect(outbox).toBeInstanceOf(MemoryOutbox);
  expect(outbox?.maxBytes).toBe(2048);
  expect(worker).toBeDefined();
  expect([1, 2, 3].map((attempt) => backoff?.delayMillis(attempt, 0))).toEqual([10, 30, 50]);
  expect(backoff?.delayMillis(1, 0.5)).toBe(12.5);
});

test('what is not for every exporter is compression and concurrency', () => {
  const names = Object.keys(deliveryProperties).filter((name) => !Object.hasOwn(holdingProperties, name));
  expect(names).toEqual(['compression', 'max_concurrent_requests']);
});

test('the defaults are those of a delivery', () => {
  const plain = ['timeout', 'compression', 'max_concurrent_requests'].map((name) => [
    name,
    deliveryProperties[name]?.schema['default'],
  ]);
  const { attemptTimeoutMillis, compression, maxConcurrentRequests } = resolveDeliveryOptions({});
  expect(plain).toEqual([
    ['timeout', attemptTimeoutMillis],
    ['compression', compression],
    ['max_concurrent_requests', maxConcurrentRequests],
  ]);
  const outbox = deliveryProperties['outbox']?.properties;
  expect(outbox?.['memory']?.properties?.['max_bytes']?.schema['default']).toBe(new MemoryOutbox().maxBytes);
  const file = Object.entries(outbox?.['file']?.properties ?? {}).flatMap(([name, { schema }]) =>
    schema['default'] === undefined ? [] : [[name, schema['default']]],
  );
  const { maxBytes, durability, maxAgeMillis, inline } = resolveFileOutboxOptions({ directory: 'x' });
  expect(Object.fromEntries(file)).toEqual({ max_bytes: maxBytes, durability, max_age: maxAgeMillis, inline });
});

test('the default of backoff is that of a delivery', () => {
  const { backoff } = deliveryOf({ backoff: {} });
  const own = resolveDeliveryOptions({}).backoff;
  const defaults = Object.entries(deliveryProperties['backoff']?.properties ?? {}).map(([name, { schema }]) => [
    name,
    schema['default'],
  ]);
  const spelt = deliveryOf({ backoff: Object.fromEntries(defaults) as object }).backoff;
  for (const schedule of [backoff, spelt]) {
    expect([1, 2, 5, 6].map((attempt) => schedule?.delayMillis(attempt, 0.5))).toEqual(
      [1, 2, 5, 6].map((attempt) => own.delayMillis(attempt, 0.5)),
    );
  }
});

test('an outbox in a file brings a worker along, unless it is inline, and touches no disk before it is used', () => {
  const directory = newDirectory();
  const { outbox } = deliveryOf({
    outbox: { file: { directory, max_bytes: 1_048_576, durability: 'os', max_age: 7 } },
  });
  const inline = deliveryOf({ outbox: { file: { directory, inline: true } } });
  expect(outbox).toMatchObject({ maxBytes: 1_048_576, maxAgeMillis: 7, writesAhead: true });
  expect(outbox?.recipe).toMatchObject({ options: { durability: 'os', directory } });
  expect(outbox?.worker).toBeDefined();
  expect(inline.outbox?.worker).toBeUndefined();
  checkDeliveryOptions({ outbox: outbox as NonNullable<typeof outbox> });
  expect(existsSync(directory)).toBe(false);
});

test('null stands for an outbox in memory as it is by default', () => {
  expect(deliveryOf({ outbox: { memory: null } }).outbox?.maxBytes).toBe(new MemoryOutbox().maxBytes);
});

test('no worker is wanted where the property says so', () => {
  expect(deliveryOf({ worker: false }).worker).toBeUndefined();
});

test.each<[values: object, message: string]>([
  [{ outbox: {} }, 'Expected `outbox.memory` or `outbox.file` to be given, and not both.'],
  [{ outbox: { memory: {}, file: { directory: 'x' } } }, 'Expected `outbox.memory` or `outbox.file` to be given'],
  [{ outbox: { file: {} } }, 'Expected `outbox.file.directory` to be given.'],
  [{ outbox: { file: { directory: 'a\0' } } }, 'Expected `outbox.file.directory` to be a path without NUL'],
  [{ outbox: { memory: { max_bytes: 1 } } }, 'Expected `outbox.memory.max_bytes` to be an integer from 1024'],
  [{ outbox: SECRET }, 'Expected `outbox` to be an object, got `[redacted]` (string).'],
  [{ backoff: { max_delay: 0 } }, 'Expected `backoff.max_delay` to be a number from 1'],
])('%# what is wrong with a delivery is told by its property', (values, message) => {
  expect(() => deliveryOf(values)).toThrow(message);
});

test('headers are a list, of which those without a value are left out', () => {
  const headers = [
    { name: 'X-A', value: 'a' },
    { name: 'x-b', value: null },
    { name: 'x-c', value: '' },
  ];
  expect(headersOf({ headers })).toEqual({ headers: { 'X-A': 'a', 'x-c': '' } });
});

test('headers are a text as well, percent-encoded, over which the list has priority', async () => {
  const options = headersOf({
    headers: [{ name: 'X-A', value: 'listed' }],
    headers_list: 'x-a=text, x-b = b%20b%3D%2C ,,x-c=,x-d=a=b',
  });
  const checked = checkRequestHeaders('', options);
  const revealed = await Promise.all(
    Object.entries(checked).map(async ([name, secret]) => [name, await secret.reveal()]),
  );
  expect(revealed).toEqual([
    ['x-a', 'listed'],
    ['x-b', 'b b=,'],
    ['x-c', ''],
    ['x-d', 'a=b'],
  ]);
});

test('credentials reach their options', () => {
  expect(headersOf({ basic_auth: { username: 'me', password: SECRET } })).toEqual({
    basicAuth: { username: 'me', password: SECRET },
  });
  expect(headersOf({ bearer_token: SECRET })).toEqual({ bearerToken: SECRET });
});

test.each<[values: object, part: string]>([
  [{ headers_list: SECRET }, '`headers_list` to be a list such as `name=value,name2=value2`'],
  [{ headers_list: `=${SECRET}` }, '`headers_list`'],
  [{ headers_list: `a=%${SECRET}` }, '`headers_list`'],
  [{ headers: [{ value: SECRET }] }, '`headers[0].name` to be given'],
  [{ headers: [SECRET] }, '`headers[0]` to be an object'],
  [{ headers: { 'x-a': SECRET } }, '`headers` to be a list'],
  [{ headers: [{ name: 'a', value: 'b', [SECRET.slice(0, 1)]: SECRET }] }, '`headers[0].h` to be left out'],
  [{ basic_auth: SECRET }, '`basic_auth` to be an object'],
  [{ basic_auth: { username: SECRET } }, '`basic_auth.password` to be given'],
])('%# what is wrong with headers is told without showing them', (values, part) => {
  const error = errorOf(() => headersOf(values));
  expect(error?.message).toContain(`Expected ${part}`);
  expect(error?.message).not.toContain(SECRET);
});

function errorOf(work: () => unknown): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

test('a `timeout` of 0 is no limit, as in the files of OpenTelemetry', () => {
  expect(resolveDeliveryOptions(deliveryOf({ timeout: 0 })).attemptTimeoutMillis).toBe(2 ** 31 - 1);
});
