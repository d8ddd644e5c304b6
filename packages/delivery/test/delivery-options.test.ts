import { describe, expect, test } from 'vitest';
import { Delivery, type DeliveryOptions, MemoryOutbox, payloadBytes } from '@spillway/delivery';
import { lineBackend } from './test-backend.ts';
import { testPayload } from './test-payload.ts';

describe('options of Delivery', () => {
  test.each<[string, unknown, typeof TypeError | typeof RangeError]>([
    ['maxConcurrentRequests', 0, RangeError],
    ['maxConcurrentRequests', 1.5, RangeError],
    ['attemptTimeoutMillis', 0, RangeError],
    ['attemptTimeoutMillis', 2 ** 31, RangeError],
    ['maxBytesPerSecond', 1023, RangeError],
    ['maxBytesPerSecond', '1 MB', TypeError],
    ['compression', 'zstd', RangeError],
    ['maxAttempts', 0, RangeError],
    ['maxAgeMillis', 0, RangeError],
    ['backoff', { initial: 5 }, TypeError],
    ['outbox', {}, TypeError],
    ['fetch', 'fetch', TypeError],
    ['random', 4, TypeError],
    ['now', 4, TypeError],
    ['epochNow', 4, TypeError],
    ['selfObsMeterProvider', {}, TypeError],
  ])('%s: %j is refused by name', (name, value, kind) => {
    const create = (): Delivery => new Delivery({ [name]: value });
    expect(create).toThrow(kind);
    expect(create).toThrow(`Expected \`${name}\` to be `);
  });

  test('an outbox that names no bound is refused', () => {
    const outbox = Object.assign(new MemoryOutbox(), { maxBytes: undefined as unknown as number });
    expect(() => new Delivery({ outbox })).toThrow('Expected `outbox.maxBytes` to be a number');
  });

  test('none are needed', () => {
    expect(new Delivery().stats()).toEqual({ outboxBytes: 0, requestsInFlight: 0 });
    expect(() => new Delivery(null as unknown as DeliveryOptions)).toThrow('Expected `options` to be an object');
  });
});

describe('attaching', () => {
  const options = {
    backend: lineBackend,
    url: undefined,
    encode: () => ({ payloads: [], drops: [] }),
    namespace: 'test',
    componentType: 'TestExporter',
  };

  test('an outbox that an exporter was refused with is free', () => {
    const outbox = new MemoryOutbox();
    expect(() => new Delivery({ outbox }).attach({ ...options, onDrop: 1 as never })).toThrow(/onDrop/);
    expect(() => new Delivery({ outbox }).attach(options)).not.toThrow();
  });

  test('a wrong option throws, and does not count as an exporter', async () => {
    const delivery = new Delivery();
    const onDrop = 'log' as unknown as () => void;
    expect(() => delivery.attach({ ...options, onDrop })).toThrow('Expected `onDrop` to be a function');
    expect(() => delivery.attach({ ...options, headers: { 'a b': '' } })).toThrow(RangeError);
    await delivery.attach(options).shutdown();
    expect(() => delivery.attach(options)).toThrow('shut down with its last exporter');
  });
});

describe('MemoryOutbox', () => {
  test('gives the payloads that were put, until they are removed', () => {
    const outbox = new MemoryOutbox();
    const payload = testPayload();
    outbox.put(1, payload);
    expect(outbox.read(1)).toBe(payload);
    outbox.remove(1);
    expect(() => outbox.read(1)).toThrow('no payload 1');
  });

  test('holds 32 MiB unless told otherwise', () => {
    expect(new MemoryOutbox().maxBytes).toBe(32 * 1024 * 1024);
    expect(() => new MemoryOutbox({ maxBytes: 10 })).toThrow(RangeError);
    expect(() => new MemoryOutbox({ maxBytes: Infinity })).toThrow(RangeError);
  });

  test('a payload counts for its bytes, its offsets and what it costs by itself', () => {
    const empty = payloadBytes(testPayload({ body: new Uint8Array(0), recordOffsets: new Uint32Array(0) }));
    const payload = testPayload({ body: new Uint8Array(1000), recordOffsets: new Uint32Array(10) });
    expect(payloadBytes(payload)).toBe(empty + 1000 + 40);
    expect(empty).toBeGreaterThan(0);
  });
});
