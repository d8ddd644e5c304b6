import { fileOutbox, workerDelivery } from '@spillway/delivery';
import { expect, test } from 'vitest';
import { resolveDeliveryOptions } from '../../src/delivery-options.ts';
import { WorkerCarrier } from '../../src/worker/worker-carrier.ts';
import { SlowOutbox } from '../test-outbox.ts';
import { testOwner } from '../test-payload.ts';

const worker = workerDelivery();
const directory = '/nowhere/outbox';

test.each(['fetch', 'random', 'now', 'epochNow'] as const)('a function for `%s` cannot go to a worker', (name) => {
  const options = { [name]: () => 0 };
  const message = `Expected \`${name}\` to be left out where a worker sends, as of fileOutbox() without \`inline\``;
  expect(() => resolveDeliveryOptions({ ...options, worker })).toThrow(message);
  expect(() => resolveDeliveryOptions({ ...options, outbox: fileOutbox({ directory }) })).toThrow(message);
  expect(
    resolveDeliveryOptions({ ...options, outbox: fileOutbox({ directory, inline: true }) }).worker,
  ).toBeUndefined();
});

test('an outbox of the application cannot go there either', () => {
  const options = resolveDeliveryOptions({ worker, outbox: new SlowOutbox() });
  expect(() => worker.carry(options)).toThrow('Expected `outbox` to be a MemoryOutbox or fileOutbox()');
});

test('a worker is an object that workerDelivery() makes, and its program has an address', () => {
  expect(() => resolveDeliveryOptions({ worker: true as never })).toThrow(
    'Expected `worker` to be an object with carry()',
  );
  expect(() => workerDelivery({ workerUrl: 'worker.js' })).toThrow('Expected `workerUrl` to be an absolute URL');
  expect(() => workerDelivery({ workerURL: 'file:///w.js' } as never)).toThrow('`workerURL`');
  expect(() => workerDelivery({ workerUrl: 7 as never })).toThrow(TypeError);
  expect(() => workerDelivery(null as never)).toThrow('Expected `options` to be an object');
});

test('an exporter whose backend no worker can have says so', () => {
  const carrier = worker.carry(resolveDeliveryOptions({ worker }));
  expect(carrier).toBeInstanceOf(WorkerCarrier);
  const owner = { ...testOwner(), carried: 0, backendUrl: undefined, hasFixedHeaders: true, handOn: () => {} };
  const headers = { revealHeaders: async () => ({}), revealHeadersNow: () => ({}) };
  expect(() => carrier.attach({ ...owner, ...headers })).toThrow('Expected `backendUrl` where a worker sends');
});

test('a file outbox brings its worker, and what is wrong with its options is said at once', () => {
  expect(fileOutbox({ directory }).worker).toBeDefined();
  expect(() => fileOutbox({} as never)).toThrow('Expected `directory` to be a string');
  expect(() => fileOutbox({ directory, inline: 1 as never })).toThrow('Expected `inline` to be a boolean');
  expect(() => fileOutbox({ directory, maxBytes: 5 })).toThrow('Expected `maxBytes`');
  expect(() => fileOutbox({ directory, maxSize: 5 } as never)).toThrow('`maxSize`');
  expect(() => fileOutbox(undefined as never)).toThrow('Expected `options` to be an object');
});
