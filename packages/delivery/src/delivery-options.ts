import type { MeterProvider } from '@opentelemetry/api';
import {
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkTimerMillis,
  guardedRandom,
  optionMessage,
} from '@spillway/core';
import { type BackoffSchedule, exponentialBackoff } from '@spillway/retry';

import type { Carrier } from './carrier.ts';
import type { Compression } from './compression.ts';
import { MemoryOutbox, type Outbox } from './outbox.ts';

export interface DeliveryOptions {
  /**
   * Where payloads wait. When it is full, the least severe payload goes first, then the oldest, counted `outbox_full`.
   * @defaultValue a {@link MemoryOutbox} of 32 MiB
   */
  readonly outbox?: Outbox;
  /**
   * Requests at once, 1 and up. From 2 on, one of them is kept for payloads of ERROR and above.
   * @defaultValue 5: enough to hide a round trip of 100 ms at 50 requests a second, few enough for any backend
   */
  readonly maxConcurrentRequests?: number;
  /**
   * Total time for one request and its answer, in milliseconds, 1 to 2^31-1.
   * @defaultValue 10000, as OTLP exporters have it. Raise it for slow links and large requests.
   */
  readonly attemptTimeoutMillis?: number;
  /**
   * Bytes of bodies per second to send at most, as they go over the wire, 1024 and up. Set it where a backlog must not fill the link.
   * @defaultValue no limit
   */
  readonly maxBytesPerSecond?: number;
  /** How bodies are compressed. @defaultValue 'gzip' where the runtime has it */
  readonly compression?: Compression;
  /** Waits between the attempts for one payload. @defaultValue `exponentialBackoff()`: 1 s, doubled up to 30 s, full jitter */
  readonly backoff?: BackoffSchedule;
  /**
   * Attempts for one payload, the first included, before it is dropped as `retry_exhausted`.
   * @defaultValue Infinity: the outbox bounds what can wait. Lower it where old logs are worth nothing.
   */
  readonly maxAttempts?: number;
  /**
   * Time a payload may wait, in milliseconds, before it is dropped as `expired`.
   * @defaultValue 518400000 (6 days): Loki refuses lines older than 7
   */
  readonly maxAgeMillis?: number;
  /**
   * Compresses, holds and sends on a thread of its own: `workerDelivery()`. Not together with `fetch`, `random`, `now` and
   * `epochNow`, which cannot be had there.
   * @defaultValue what the outbox brings along: a worker for `fileOutbox()`, none for one in memory
   */
  readonly worker?: WorkerDelivery;
  /** Sends requests. @defaultValue the global `fetch`, looked up at each request */
  readonly fetch?: typeof fetch;
  /** Random numbers from 0 up to 1, for jitter. @defaultValue Math.random */
  readonly random?: () => number;
  /** Monotonic clock in milliseconds. @defaultValue performance.now */
  readonly now?: () => number;
  /** Wall clock in milliseconds since the epoch. @defaultValue Date.now */
  readonly epochNow?: () => number;
  /** Where the exporter's own metrics go. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider;
}

/** Makes a carrier on another thread. */
export interface WorkerDelivery {
  /** @throws TypeError where something among the options cannot be had on another thread */
  carry(options: ResolvedDeliveryOptions): Carrier;
}

/** Options with every default filled in. */
export interface ResolvedDeliveryOptions {
  readonly outbox: Outbox;
  readonly maxConcurrentRequests: number;
  readonly attemptTimeoutMillis: number;
  readonly maxBytesPerSecond: number | undefined;
  readonly compression: Compression;
  readonly backoff: BackoffSchedule;
  readonly maxAttempts: number;
  readonly maxAgeMillis: number;
  readonly worker: WorkerDelivery | undefined;
  readonly fetch: typeof fetch | undefined;
  readonly random: () => number;
  readonly now: () => number;
  readonly epochNow: () => number;
  readonly selfObsMeterProvider: MeterProvider | undefined;
}

/** What cannot go to another thread. */
const FUNCTIONS = ['fetch', 'random', 'now', 'epochNow'] as const;
const SIX_DAYS_MILLIS = 6 * 24 * 60 * 60 * 1000;

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveDeliveryOptions(options: DeliveryOptions): ResolvedDeliveryOptions {
  checkOptions(options);
  const { backoff = exponentialBackoff() } = options;
  const outbox: Outbox = options.outbox ?? new MemoryOutbox();
  checkMethods('outbox', outbox, ['put', 'read', 'remove', 'close']);
  checkNumber('outbox.maxBytes', outbox.maxBytes, { min: 1024, max: Infinity });
  checkMethods('backoff', backoff, ['delayMillis']);
  for (const name of FUNCTIONS) checkFunction(name, options[name]);
  const { maxBytesPerSecond, selfObsMeterProvider } = options;
  if (maxBytesPerSecond !== undefined) checkNumber('maxBytesPerSecond', maxBytesPerSecond, { min: 1024 });
  if (selfObsMeterProvider !== undefined) checkMethods('selfObsMeterProvider', selfObsMeterProvider, ['getMeter']);
  return {
    outbox,
    backoff,
    maxBytesPerSecond,
    selfObsMeterProvider,
    maxConcurrentRequests: checkInteger('maxConcurrentRequests', options.maxConcurrentRequests ?? 5, { min: 1 }),
    attemptTimeoutMillis: checkTimerMillis('attemptTimeoutMillis', options.attemptTimeoutMillis ?? 10_000, 1),
    compression: checkOneOf('compression', options.compression ?? 'gzip', ['gzip', 'none']),
    maxAttempts: checkInteger('maxAttempts', options.maxAttempts ?? Infinity, { min: 1, max: Infinity }),
    maxAgeMillis: checkNumber('maxAgeMillis', options.maxAgeMillis ?? outbox.maxAgeMillis ?? SIX_DAYS_MILLIS, {
      min: 1,
      max: Infinity,
    }),
    worker: resolveWorker(options, outbox),
    fetch: options.fetch,
    random: guardedRandom(options.random),
    // Looked up at each call: a clock kept here could not be replaced by fake timers afterwards.
    now: options.now ?? ((): number => performance.now()),
    epochNow: options.epochNow ?? ((): number => Date.now()),
  };
}

function resolveWorker(options: DeliveryOptions, { worker: fromOutbox }: Outbox): WorkerDelivery | undefined {
  const worker = options.worker ?? fromOutbox;
  if (worker === undefined) return undefined;
  checkMethods('worker', worker, ['carry']);
  for (const name of FUNCTIONS) {
    if (options[name] === undefined) continue;
    throw new TypeError(
      optionMessage(
        name,
        'left out where a worker sends, as of fileOutbox() without `inline`: functions cannot go there',
        options[name],
      ),
    );
  }
  return worker;
}
