import { exponentialBackoff } from '@spillway/retry';
import { Gate } from '../src/gate.ts';
import { headOf, type HeldPayload, holdPayload, type PayloadOwner } from '../src/held-payload.ts';
import type { Payload } from '../src/payload.ts';
import { lineBackend } from './test-backend.ts';

export function testPayload(values: Partial<Payload> = {}): Payload {
  return {
    body: new Uint8Array(10),
    contentEncoding: undefined,
    uncompressedBytes: 10,
    recordOffsets: new Uint32Array(1),
    recordCount: 1,
    highestSeverity: 9,
    oldestTimeMillis: 0,
    tenant: undefined,
    backendId: 'lines',
    destinationId: 'lines',
    takenAtMillis: 0,
    schemaVersion: 1,
    ...values,
  };
}

/** An owner that nothing is asked of. */
export function testOwner(url: string | undefined = 'http://a/'): PayloadOwner & { url: string | undefined } {
  return {
    backend: lineBackend,
    destinationId: 'lines',
    url,
    headers: () => Promise.resolve({}),
    onDelivered: () => {},
    onDropped: () => {},
    onRecovered: () => {},
    onGivenUp: undefined,
    onRequestEnd: () => {},
  };
}

export function testGate(maxConcurrent = 5): Gate {
  return new Gate(exponentialBackoff(), maxConcurrent);
}

let nextId = 0;

export function heldPayload(values: Partial<HeldPayload> = {}): HeldPayload {
  nextId += 1;
  const place = { owner: testOwner(), id: nextId, order: nextId, orderSpan: 1, bytes: 10, gate: testGate() };
  const kinship = { refusedAlone: 0 };
  return { ...holdPayload(headOf(testPayload()), { ...place, kinship }), ...values };
}
