import {
  checkFields,
  checkInteger,
  checkOptions,
  checkString,
  onPageActive,
  onPageAway,
  ThrottledDiag,
} from '@spillway/core';

import type { Outbox } from '../outbox.ts';
import { LeaseClaims } from './lease-claims.ts';
import { LockClaims } from './lock-claims.ts';
import type { OutboxConnection } from './outbox-connection.ts';
import { PageOutbox } from './page-outbox.ts';
import type { PageOutboxOptions } from './page-outbox-options.ts';
import type { SessionClaims } from './session-claims.ts';

export interface IndexedDbOutboxOptions {
  /**
   * Name of the database, which all pages of an origin share that name the same one.
   * @defaultValue 'spillway-outbox'
   */
  readonly databaseName?: string;
  /**
   * Bytes that this page may hold there, 1024 and up; a record takes 30 to 50 of them, one that was stored at the last
   * moment some 300.
   * @defaultValue 16777216 (16 MiB)
   */
  readonly maxBytes?: number;
  /**
   * Time a payload may wait, in milliseconds, before it is dropped as `expired`.
   * @defaultValue 86400000 (24 hours): what pages leave behind may be personal, and should not stay for long
   */
  readonly maxAgeMillis?: number;
}

const OPTIONS: readonly (keyof IndexedDbOutboxOptions)[] = ['databaseName', 'maxBytes', 'maxAgeMillis'];
const DEFAULT_DATABASE_NAME = 'spillway-outbox';
const MIN_BYTES = 1024;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const DEFAULT_MAX_AGE_MILLIS = 24 * 60 * 60 * 1000;
/** What is wrong with a browser's storage does not change from second to second. */
const DIAG_INTERVAL_MILLIS = 60_000;
const NAME_BYTES = 16;

/**
 * An outbox in IndexedDB: the option `outbox` of exporters in pages and dedicated workers. What an `export` has taken is in
 * the database when it is answered, and survives the page, however it ends: another page of the origin sends it, the next
 * one or one that is open. While the page is in the browser's back/forward cache or frozen, others may send what it has put.
 *
 * The database is not encrypted, every script of the origin can read it, and the browser may clear it. Where it cannot be
 * written to, payloads are held in memory, and an error is logged once a minute.
 *
 * @throws TypeError or RangeError where an option is wrong; a browser that has no IndexedDB or refuses it is no error here
 */
export function indexedDbOutbox(options: IndexedDbOutboxOptions = {}): Outbox {
  const resolved = resolveOptions(options);
  const diag = new ThrottledDiag({ namespace: '@spillway/delivery', intervalMillis: DIAG_INTERVAL_MILLIS });
  return new PageOutbox(resolved, {
    claims: (connection) => claimsHere(resolved.databaseName, connection),
    newSession: randomName,
    onAway: onPageAway,
    onActive: onPageActive,
    now: () => performance.now(),
    epochNow: () => Date.now(),
    onExpired: (count) =>
      diag.warn('expired', `Payloads that pages had left, and nobody has sent in time, were deleted: ${count}.`),
    onProblem: (text, error) => diag.error(text, text, error),
  });
}

/** @throws TypeError or RangeError naming the option that is wrong. */
function resolveOptions(options: IndexedDbOutboxOptions): PageOutboxOptions {
  checkOptions(options);
  checkFields('', options, OPTIONS);
  return {
    databaseName: checkString('databaseName', options.databaseName ?? DEFAULT_DATABASE_NAME),
    maxBytes: checkInteger('maxBytes', options.maxBytes ?? DEFAULT_MAX_BYTES, { min: MIN_BYTES }),
    maxAgeMillis: checkInteger('maxAgeMillis', options.maxAgeMillis ?? DEFAULT_MAX_AGE_MILLIS, { min: 1 }),
  };
}

/** Pages that are not a secure context have no locks; all pages that share a database are the same in that. */
function claimsHere(databaseName: string, connection: OutboxConnection): SessionClaims {
  const locks = locksHere();
  if (locks !== undefined) return new LockClaims(locks, databaseName);
  return new LeaseClaims({ connection, holder: randomName(), epochNow: () => Date.now() });
}

function locksHere(): LockManager | undefined {
  try {
    return (globalThis.navigator as { readonly locks?: LockManager } | undefined)?.locks;
  } catch {
    return undefined;
  }
}

/** `crypto.randomUUID` is missing where the page is not a secure context. */
function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(NAME_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
