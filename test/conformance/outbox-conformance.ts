import { LostPayloadError, type Outbox, type Payload, payloadBytes } from '@spillway/delivery';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';

import { expectNothingLeft } from './process-watch.ts';

/** Where an outbox keeps things, empty at first. */
interface OutboxPlace {
  /** An outbox over this place, as any process would make it. */
  readonly open: () => Outbox;
  readonly remove: () => void | Promise<void>;
}

interface OutboxSubject {
  readonly create: () => OutboxPlace | Promise<OutboxPlace>;
}

const LARGE_BYTES = 4 * 1024 * 1024;
const TEXTS = [
  '',
  '\0',
  'a\0b',
  '\uD800',
  '\uDC00\uD800',
  '\u{1F6A8}',
  '"',
  "'; DROP TABLE payloads; --",
  '__proto__',
  '\n',
];

function payloadOf(values: Partial<Payload> = {}): Payload {
  const body = new TextEncoder().encode('one\ntwo\n');
  return {
    body,
    contentEncoding: undefined,
    uncompressedBytes: body.byteLength,
    recordOffsets: Uint32Array.of(0, 4),
    recordCount: 2,
    highestSeverity: 17,
    oldestTimeMillis: 1_795_000_000_000.25,
    tenant: undefined,
    backendId: 'conformance',
    destinationId: 'conformance 0',
    takenAtMillis: 1_795_000_000_001,
    schemaVersion: 1,
    ...values,
  };
}

/** Values that are at the edges of what a payload can have. */
function hostilePayloads(): Payload[] {
  return [
    payloadOf({ body: new Uint8Array(), uncompressedBytes: 0 }),
    payloadOf({ recordOffsets: new Uint32Array(), recordCount: 0 }),
    payloadOf({ body: new Uint8Array(), recordOffsets: new Uint32Array() }),
    payloadOf({ body: new Uint8Array(LARGE_BYTES).map((_, index) => (index * 7919) >>> 3) }),
    payloadOf({ recordOffsets: Uint32Array.of(0, 2 ** 32 - 1, 2 ** 31) }),
    payloadOf({ body: new Uint8Array([9, 8, 7, 6, 5]).subarray(1, 3), contentEncoding: 'gzip' }),
    payloadOf({ oldestTimeMillis: -1, takenAtMillis: Number.MAX_SAFE_INTEGER, contentEncoding: 'snappy' }),
    payloadOf({ oldestTimeMillis: -Number.MAX_VALUE, takenAtMillis: Number.MIN_VALUE }),
    ...TEXTS.map((text) => payloadOf({ tenant: text, backendId: text, destinationId: text })),
  ];
}

const anyPayload = fc
  .record({
    body: fc.uint8Array({ maxLength: 5000 }),
    recordOffsets: fc.uint32Array({ maxLength: 50 }),
    uncompressedBytes: fc.maxSafeNat(),
    oldestTimeMillis: fc.double({ noNaN: true, noDefaultInfinity: true }),
    tenant: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  })
  .map((values) => payloadOf(values as Partial<Payload>));

/** Bytes are compared apart: to compare millions of them one by one takes seconds. */
function expectSame({ body, ...rest }: Payload, { body: expectedBody, ...expected }: Payload): void {
  expect(body).toBeInstanceOf(Uint8Array);
  expect(Buffer.compare(body, expectedBody)).toBe(0);
  expect(rest).toEqual(expected);
}

/** Registers the tests that every outbox must pass. */
export function outboxConformance(name: string, subject: OutboxSubject): void {
  const places: OutboxPlace[] = [];
  const outboxes: Outbox[] = [];
  const open = async (): Promise<Outbox> => {
    const place = await subject.create();
    places.push(place);
    const outbox = place.open();
    outboxes.push(outbox);
    return outbox;
  };
  afterEach(async () => {
    for (const outbox of outboxes.splice(0)) await outbox.close();
    for (const { remove } of places.splice(0)) await remove();
  });

  describe(`${name} conforms: an outbox`, { timeout: 30_000 }, () => {
    test('tells bounds that payloads can be held against', async () => {
      const { maxBytes, maxPayloads = Infinity, maxAgeMillis = Infinity } = await open();
      for (const bound of [maxBytes, maxPayloads, maxAgeMillis]) expect(bound).toBeGreaterThan(0);
      expect(maxBytes).toBeGreaterThan(payloadBytes(payloadOf()));
    });

    test('gives back what was put, to the byte, again and again', async () => {
      const outbox = await open();
      const payloads = hostilePayloads();
      for (const [id, payload] of payloads.entries()) await outbox.put(id + 1, payload);
      for (let round = 0; round < 2; round += 1) {
        for (const [id, payload] of payloads.entries()) expectSame(await outbox.read(id + 1), payload);
      }
    });

    test('gives back any payload', async () => {
      const outbox = await open();
      let id = 0;
      const putAndRead = async (payload: Payload): Promise<void> => {
        id += 1;
        await outbox.put(id, payload);
        expect(await outbox.read(id)).toEqual(payload);
        if (id % 2 === 0) await outbox.remove(id);
      };
      await fc.assert(fc.asyncProperty(anyPayload, putAndRead), { numRuns: 50 });
    });

    test('takes several in one go, where it has a way for that, once it has been used', async () => {
      const outbox = await open();
      await outbox.put(1, payloadOf());
      const payloads = new Map([2, 3].map((id) => [id, payloadOf({ tenant: String(id) })]));
      if (outbox.putNow !== undefined) await outbox.putNow(payloads);
      else for (const [id, payload] of payloads) await outbox.put(id, payload);
      await outbox.remove(2);
      expect(await outbox.read(1)).toEqual(payloadOf());
      expect(await outbox.read(3)).toEqual(payloadOf({ tenant: '3' }));
      await expect(async () => outbox.read(2)).rejects.toThrow(LostPayloadError);
    });

    test('says of what was removed or never put that it is lost, and of nothing else', async () => {
      const outbox = await open();
      await outbox.put(1, payloadOf());
      await outbox.put(2, payloadOf({ tenant: 'two' }));
      await outbox.remove(1);
      for (const id of [1, 3, -1, 0]) {
        await expect(async () => outbox.read(id)).rejects.toThrow(LostPayloadError);
        await outbox.remove(id);
      }
      expect(await outbox.read(2)).toEqual(payloadOf({ tenant: 'two' }));
    });

    test('has nothing to do with another one', async () => {
      const [one, other] = [await open(), await open()];
      await one.put(1, payloadOf());
      await expect(async () => other.read(1)).rejects.toThrow(LostPayloadError);
      expect(
        (await other.adopt?.({ accepts: () => true, maxBytes: Infinity, maxPayloads: Infinity, isEmpty: true })) ?? [],
      ).toEqual([]);
    });

    test('has no payload any more once it is closed, and can be closed again', async () => {
      const outbox = await open();
      await outbox.put(1, payloadOf());
      await outbox.close();
      await outbox.close();
      await expect(async () => outbox.read(1)).rejects.toThrow(LostPayloadError);
    });

    test('leaves nothing behind in its process once it is closed', async () => {
      const place = await subject.create();
      places.push(place);
      await expectNothingLeft(async () => {
        const outbox = place.open();
        await outbox.put(1, payloadOf());
        await outbox.read(1);
        await outbox.close();
      });
    });

    test('leaves what it held to the next one, where it outlives its process', async () => {
      const place = await subject.create();
      places.push(place);
      const outbox = place.open();
      await outbox.put(1, payloadOf({ tenant: 'left' }));
      await outbox.put(2, payloadOf({ backendId: 'other' }));
      await outbox.close();
      const next = place.open();
      outboxes.push(next);
      const request = { maxBytes: Infinity, maxPayloads: Infinity, isEmpty: true };
      const adopted = (await next.adopt?.({ ...request, accepts: (id) => id === 'conformance' })) ?? [];
      expect(adopted).toHaveLength(outbox.writesAhead === true ? 1 : 0);
      for (const { id, bytes, wireBytes } of adopted) {
        const payload = payloadOf({ tenant: 'left' });
        expect(id).toBeLessThan(0);
        expect([bytes, wireBytes]).toEqual([payloadBytes(payload), payload.body.byteLength]);
        expect(await next.read(id)).toEqual(payload);
        await next.remove(id);
        await expect(async () => next.read(id)).rejects.toThrow(LostPayloadError);
      }
    });
  });
}
