import type { MessagePort } from 'node:worker_threads';

import type { DropReason } from '@spillway/core';

import type { Compression } from '../compression.ts';
import type { OutboxRecipe } from '../outbox.ts';
import type { EncodedPayload, Payload } from '../payload.ts';

/**
 * What the two threads of a delivery tell each other. Bodies are in memory that both share: nothing is copied, and what the
 * worker has not dealt with is still there when it has died.
 */

/** Options of a delivery, as far as they are a worker's. */
export interface WorkerSettings {
  readonly outbox: OutboxRecipe;
  readonly maxConcurrentRequests: number;
  readonly attemptTimeoutMillis: number;
  readonly maxBytesPerSecond: number | undefined;
  readonly compression: Compression;
  readonly backoff: BackoffTable;
  readonly maxAttempts: number;
  readonly maxAgeMillis: number;
}

/** A schedule of waits as numbers: for each attempt the wait for the lowest and for the highest random number. */
export type BackoffTable = readonly (readonly [number, number])[];

/** What a worker is given when it starts. */
export interface WorkerStart {
  readonly settings: WorkerSettings;
  readonly port: MessagePort;
  /** One number: the last {@link FlushSyncMessage.ticket} that was dealt with, which the other thread may be waiting for. */
  readonly finished: SharedArrayBuffer;
}

/** An error, as it can be sent: its stack and its causes stay where they are. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
}

/** A payload on its way from a worker that has died to the next one. */
export interface HandedPayload {
  readonly name: number;
  readonly payload: Payload;
}

export interface AttachMessage {
  readonly kind: 'attach';
  readonly destination: number;
  readonly destinationId: string;
  readonly backendId: string;
  readonly backendUrl: string | undefined;
  readonly url: string | undefined;
  /** Headers of requests as far as they are known; the worker keeps them for when it cannot ask. */
  readonly headers: Record<string, string> | undefined;
  /** Whether these headers never change, so that it need not ask. */
  readonly hasFixedHeaders: boolean;
  /** Whether the owner wants to know which records are given up. */
  readonly wantsGivenUp: boolean;
  /** Payloads that a worker before this one has kept in memory. */
  readonly kept: readonly HandedPayload[];
}

export interface StageMessage {
  readonly kind: 'stage';
  readonly destination: number;
  readonly stage: number;
  readonly payloads: readonly EncodedPayload[];
}

interface FlushMessage {
  readonly kind: 'flush';
  readonly destination: number;
  readonly flush: number;
  readonly timeoutMillis: number;
}

/** The other thread is blocked until this is done: it answers no question. */
export interface FlushSyncMessage {
  readonly kind: 'flush-sync';
  readonly ticket: number;
  readonly timeoutMillis: number;
}

export type ToWorker =
  | AttachMessage
  | StageMessage
  | FlushMessage
  | FlushSyncMessage
  | { readonly kind: 'url'; readonly destination: number; readonly url: string | undefined }
  | {
      readonly kind: 'headers';
      readonly destination: number;
      readonly headers: Record<string, string> | undefined;
      readonly error: PlainError | undefined;
    }
  | { readonly kind: 'abandon'; readonly destination: number; readonly flush: number }
  | { readonly kind: 'close' };

/** What happened in the worker, in the order it happened. */
export type WorkerEvent =
  /** The first of all: it runs, and has taken over what its predecessor left on disk. */
  | { readonly kind: 'ready' }
  /** An outbox has answered for a stage, which need not be kept any longer. */
  | { readonly kind: 'stored'; readonly stage: number }
  /** A payload is in memory only: it is kept on both sides. */
  | { readonly kind: 'kept'; readonly id: number; readonly payload: Payload }
  | { readonly kind: 'forgotten'; readonly id: number }
  /** A {@link HandedPayload} has arrived: what became of it has been told before. */
  /** The backend of a destination cannot be had in the worker, which does nothing for it. */
  | { readonly kind: 'unattached'; readonly destination: number; readonly error: PlainError }
  | { readonly kind: 'restored'; readonly name: number }
  | { readonly kind: 'delivered'; readonly destination: number; readonly count: number }
  | {
      readonly kind: 'dropped';
      readonly destination: number;
      readonly count: number;
      readonly reason: DropReason;
      readonly error: PlainError | undefined;
    }
  | { readonly kind: 'recovered'; readonly destination: number; readonly count: number }
  /** So many records are on disk, those included that all events before this one have told of. */
  | { readonly kind: 'resumed'; readonly destination: number; readonly count: number }
  | {
      readonly kind: 'request-end';
      readonly destination: number;
      readonly durationMillis: number;
      readonly problem:
        | {
            readonly error: PlainError;
            readonly isConfiguration: boolean;
            readonly statusCode: number | undefined;
          }
        | undefined;
    }
  | { readonly kind: 'given-up'; readonly destination: number; readonly record: EncodedPayload }
  | { readonly kind: 'headers-wanted'; readonly destination: number }
  | {
      readonly kind: 'size-ratio';
      readonly destination: number;
      readonly tenant: string | undefined;
      readonly ratio: number;
    }
  | { readonly kind: 'flushed'; readonly flush: number }
  | { readonly kind: 'diag'; readonly level: DiagLevel; readonly texts: readonly string[] };

export type DiagLevel = 'error' | 'warn' | 'info' | 'debug' | 'verbose';

/** One message of a worker. */
export interface FromWorker {
  readonly events: readonly WorkerEvent[];
  readonly outboxBytes: number;
  readonly requestsInFlight: number;
}

export function toPlainError({ name, message }: Error): PlainError {
  return { name, message };
}

export function toError({ name, message }: PlainError): Error {
  return Object.assign(new Error(message), { name });
}
