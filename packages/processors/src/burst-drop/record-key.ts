import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';

import { TextHash } from './text-hash.ts';

type KeyedRecord = Pick<ReadWriteLogRecord, 'instrumentationScope' | 'eventName' | 'body'>;

/** Of a body: as far as most texts are the same until the first value in them. */
const BODY_UNITS = 32;
/** Of event names, scope names and keys of the application: all of it, but for texts that are none of these. */
const NAME_UNITS = 1024;
/** Event names whose hash is kept. An application has no more, unless it puts values into them. */
const MAX_NAMES = 1024;

/** What the text of a key was, so that an event `string` is no body of that type. */
const EVENT_NAME = 0;
const BODY_TEXT = 1;
const BODY_TYPE = 2;
const CUSTOM = 3;
const KINDS = 4;

/**
 * The key of a record as a hash, made in one pass over its text. It makes no string and, but for the first record of a
 * scope or event, no object.
 */
export class RecordKey {
  /** Of the record or text that was read last. */
  readonly hash: TextHash;
  readonly #seed: TextHash;
  readonly #scopes = new WeakMap<object, TextHash>();
  readonly #eventNames = new Map<string, TextHash>();
  #lastScope: object | undefined;
  #lastScopeHash: TextHash;
  #lastStart: TextHash | undefined;
  #lastTag = 0;
  #lastText = '';

  /** @param seed any 32-bit integer; where it is not known, nobody can make many keys that fall into one bucket */
  constructor(seed: number) {
    this.hash = new TextHash(0, 0);
    this.#seed = new TextHash(seed | 0, ~seed);
    this.#lastScopeHash = this.#seed;
  }

  /** Reads the key of a record: scope name, severity range, and event name or else the beginning of its body. */
  readRecord(record: KeyedRecord, severityIndex: number): void {
    const start = this.#scopeHash(record.instrumentationScope);
    const tag = severityIndex * KINDS;
    const { eventName } = record;
    if (typeof eventName === 'string' && eventName !== '') {
      if (this.#begin(start, tag + EVENT_NAME, eventName)) this.#addEventName(eventName);
      return;
    }
    const { body } = record;
    const isText = typeof body === 'string';
    const text = isText ? body : typeof body;
    if (this.#begin(start, tag + (isText ? BODY_TEXT : BODY_TYPE), text)) this.hash.addText(text, BODY_UNITS);
  }

  /** Reads a key that the application has made. */
  readText(text: string): void {
    if (this.#begin(this.#seed, CUSTOM, text)) this.hash.addText(text, NAME_UNITS);
  }

  /** Answers false where the key is the last one, which is in the hash: in a flood it is often the same string again. */
  #begin(start: TextHash, tag: number, text: string): boolean {
    if (start === this.#lastStart && tag === this.#lastTag && text === this.#lastText) return false;
    // A long text is not worth its memory.
    const isKept = text.length <= NAME_UNITS;
    this.#lastStart = isKept ? start : undefined;
    this.#lastTag = tag;
    this.#lastText = isKept ? text : '';
    this.hash.restart(start);
    this.hash.add(tag);
    return true;
  }

  #addEventName(name: string): void {
    let hash = this.#eventNames.get(name);
    if (hash === undefined) {
      if (this.#eventNames.size >= MAX_NAMES || name.length > NAME_UNITS) {
        this.hash.addText(name, NAME_UNITS);
        return;
      }
      hash = this.#hashOf(name);
      this.#eventNames.set(name, hash);
    }
    this.hash.addHash(hash);
  }

  #scopeHash(scope: unknown): TextHash {
    if (scope === this.#lastScope) return this.#lastScopeHash;
    if (typeof scope !== 'object' || scope === null) return this.#seed;
    const hash = this.#scopes.get(scope) ?? this.#readScope(scope);
    this.#lastScope = scope;
    this.#lastScopeHash = hash;
    return hash;
  }

  #readScope(scope: { readonly name?: unknown }): TextHash {
    const { name } = scope;
    const hash = this.#hashOf(typeof name === 'string' ? name : '');
    this.#scopes.set(scope, hash);
    return hash;
  }

  #hashOf(name: string): TextHash {
    const hash = new TextHash(this.#seed.a, this.#seed.b);
    hash.addText(name, NAME_UNITS);
    return hash;
  }
}
