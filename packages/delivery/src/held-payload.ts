import type { Drop } from '@spillway/core';

import type { Backend } from './backend.ts';
import type { Admission, Gate } from './gate.ts';
import type { EncodedPayload, Payload } from './payload.ts';

/** Whose payloads are sent: what the drain loop asks of a destination, and tells it. */
export interface PayloadOwner {
  readonly backend: Backend;
  /** Its name among all that send through one outbox, the same again after a restart. */
  readonly destinationId: string;
  /** Where to send to; undefined while sending is disabled. */
  readonly url: string | undefined;
  /** Headers of one request, with secrets revealed: at once where they are known. Throws or rejects where one cannot be had. */
  headers(payload: Payload): Record<string, string> | Promise<Record<string, string>>;
  /** `count` records are stored by the backend. */
  onDelivered(count: number): void;
  onDropped(drop: Drop): void;
  /** `count` records were found that an earlier process has left in the outbox; below 0, another one has taken them over. */
  onRecovered(count: number): void;
  /** The backend will not take this record, which stands alone, however often it is sent; its drop is told before. */
  readonly onGivenUp: ((record: EncodedPayload) => void) | undefined;
  /** A request ended: with `problem` undefined the backend took it. */
  onRequestEnd(problem: RequestProblem | undefined, durationMillis: number): void;
}

/** Why a request did not do what it should, in a form that can be compared and logged. */
export interface RequestProblem {
  readonly error: Error;
  /** Nothing will get better by waiting: address or credentials are wrong. */
  readonly isConfiguration: boolean;
  readonly statusCode: number | undefined;
}

/** What all parts of one payload share. */
interface Kinship {
  /** Records that the backend has refused when they stood alone. */
  refusedAlone: number;
}

/** What Delivery knows of a payload in the outbox: all but its bytes. */
export interface HeldPayload {
  readonly owner: PayloadOwner;
  /** Its name in the outbox. */
  readonly id: number;
  /** Its place among the payloads: the order of encoding. Halves share out the span of the whole. */
  readonly order: number;
  readonly orderSpan: number;
  readonly kinship: Kinship;
  /** What it counts for in the outbox. */
  readonly bytes: number;
  /** Size of the body as it is sent. */
  readonly wireBytes: number;
  readonly recordCount: number;
  readonly highestSeverity: number;
  readonly oldestTimeMillis: number;
  readonly tenant: string | undefined;
  readonly uncompressedBytes: number;
  /** Its endpoint and tenant; replaced when the endpoint changes. */
  gate: Gate;
  /** When it was encoded, in milliseconds since the epoch. */
  readonly takenAtMillis: number;
  /** Failed attempts so far. */
  attempts: number;
  /** Answers in a row that asked for less. */
  throttles: number;
  /** Failures for which it alone can be the cause: the backend took others before and after. */
  lonelyFailures: number;
  /** Failures for which it can be the cause: the backend answered. */
  answeredFailures: number;
  /** Those of them while the backend was being probed. */
  failedProbes: number;
  /** {@link Gate.deliveries} at its last failure. */
  deliveriesAtFailure: number;
  /** Not to be sent before this monotonic time, in milliseconds. */
  notBefore: number;
  /** The attempt under way. */
  admission: Admission | undefined;
}

/** All that is to be known of a payload without its bytes. */
export type PayloadHead = Omit<Payload, 'body' | 'recordOffsets'> & { readonly wireBytes: number };

export function headOf(payload: Payload): PayloadHead {
  return { ...payload, wireBytes: payload.body.byteLength };
}

/** Begins the account of a payload that is in the outbox. */
export function holdPayload(
  payload: PayloadHead,
  place: Pick<HeldPayload, 'owner' | 'id' | 'order' | 'orderSpan' | 'kinship' | 'bytes' | 'gate'>,
): HeldPayload {
  return {
    ...place,
    wireBytes: payload.wireBytes,
    takenAtMillis: payload.takenAtMillis,
    recordCount: payload.recordCount,
    highestSeverity: payload.highestSeverity,
    oldestTimeMillis: payload.oldestTimeMillis,
    tenant: payload.tenant,
    uncompressedBytes: payload.uncompressedBytes,
    attempts: 0,
    throttles: 0,
    lonelyFailures: 0,
    answeredFailures: 0,
    failedProbes: 0,
    deliveriesAtFailure: 0,
    notBefore: 0,
    admission: undefined,
  };
}
