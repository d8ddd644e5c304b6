import type { Payload } from '../../src/payload.ts';

/** A payload that is told from others by a number, with a body of so many bytes. */
export function numberedPayload(number: number, bytes = 100, values: Partial<Payload> = {}): Payload {
  return {
    body: new Uint8Array(bytes).map((_, index) => (index * 31 + number * 7) % 251),
    contentEncoding: 'gzip',
    uncompressedBytes: bytes * 9,
    recordOffsets: Uint32Array.from({ length: 3 }, (_, index) => index * number),
    recordCount: 3,
    highestSeverity: 9,
    oldestTimeMillis: number - 0.5,
    tenant: undefined,
    backendId: 'lines',
    destinationId: 'lines 1',
    takenAtMillis: number,
    schemaVersion: 1,
    ...values,
  };
}

/** Payloads with the numbers from 1. */
export function numberedPayloads(count: number, bytes?: number): Payload[] {
  return Array.from({ length: count }, (_, index) => numberedPayload(index + 1, bytes));
}
