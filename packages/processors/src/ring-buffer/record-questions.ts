import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';

import type { DecoratorShell } from '../decorator/decorator-shell.ts';
import type { ResolvedRingBufferOptions } from './resolve-ring-buffer-options.ts';

/** Key of the ring that is shared by all records without a scope of their own. */
export const GLOBAL_RING = '';

/** Keys are kept, so they are bounded. Longer than any id that a request carries. */
const MAX_KEY_CHARACTERS = 256;

/** The key of a scope, which may be anything where it comes from the application. */
export function toScopeKey(key: unknown): string {
  return typeof key === 'string' && key.length <= MAX_KEY_CHARACTERS ? key : GLOBAL_RING;
}

type Callbacks = Pick<ResolvedRingBufferOptions, 'scopeKey' | 'isTrigger'>;

/** Which scope a record belongs to, and whether it is a trigger, as far as the application has a say in it. */
export class RecordQuestions {
  readonly #callbacks: Callbacks;
  readonly #shell: DecoratorShell;

  constructor(callbacks: Callbacks, shell: DecoratorShell) {
    this.#callbacks = callbacks;
    this.#shell = shell;
  }

  /** The key of the scope of a record. */
  scopeKeyOf(record: ReadWriteLogRecord): string {
    const { scopeKey } = this.#callbacks;
    const key =
      scopeKey === undefined ? record.spanContext?.traceId : this.#shell.askForKey('scopeKey', scopeKey, record);
    return toScopeKey(key);
  }

  /** Whether the application makes this record a trigger. */
  isTrigger(record: ReadWriteLogRecord): boolean {
    const { isTrigger } = this.#callbacks;
    if (isTrigger === undefined) return false;
    // One that is asynchronous answers with a promise, which does not count.
    const answer = this.#shell.ask<ReadWriteLogRecord, unknown>('isTrigger', isTrigger, record, false);
    return answer === true;
  }
}
