import { checkFields, checkFunction, checkInteger, checkOptions, checkString, optionMessage } from '@spillway/core';

import { FollowedTail } from './followed-tail.ts';
import type { LiveTailEvent } from './live-tail-event.ts';
import type { LiveTailState } from './live-tail-state.ts';

export interface LiveTailOptions {
  /** Address of the page of the live tail, such as `http://127.0.0.1:4400/`; `http` or `https`. */
  readonly url: string | URL;
  /** What the server was given, or has made and shown when it started. Visible ASCII characters. */
  readonly token: string;
  /** Ends it, as {@link LiveTail.close} does. @defaultValue none */
  readonly signal?: AbortSignal | undefined;
  /**
   * Gets each event, in order, at once: records and gaps once each, whatever happens to the connection. What it throws is
   * ignored.
   *
   * @param characters length of a record as it was sent, a cheap measure of what it costs to keep
   */
  readonly onEvent: (event: LiveTailEvent, characters: number) => void;
  /** Gets each change of the connection; `connecting` comes before this returns. What it throws is ignored. @defaultValue none */
  readonly onState?: ((state: LiveTailState) => void) | undefined;
  /**
   * How many of the records before the first connection are wanted, 0 and up.
   * @defaultValue all that the server keeps
   */
  readonly recent?: number | undefined;
  /** Sends requests. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
}

/** A tail that is followed until it is closed. */
export interface LiveTail {
  /** How the connection is doing now. */
  readonly state: LiveTailState;
  /** Does not wait any longer for the next attempt. */
  reconnect(): void;
  /** Ends it. No event comes any more. */
  close(): void;
}

const FIELDS = ['url', 'token', 'signal', 'onEvent', 'onState', 'recent', 'fetch'];
const TOKEN = /^[\x21-\x7e]+$/;

/**
 * Follows a live tail over an event stream: connects, connects again with backoff and jitter where the connection breaks, and
 * goes on after the last record that was seen. It ends by itself only where the server refuses the token (401) or the
 * address (403).
 *
 * @throws TypeError, RangeError for options that cannot be; nothing is thrown later
 */
export function openLiveTail(options: LiveTailOptions): LiveTail {
  checkOptions(options);
  checkFields('', options, FIELDS);
  checkFunction('onEvent', options.onEvent, false);
  checkFunction('onState', options.onState);
  checkFunction('fetch', options.fetch);
  const { recent, onEvent, onState } = options;
  return new FollowedTail({
    url: eventsUrl(options.url),
    token: checkToken(options.token),
    signal: options.signal,
    onEvent,
    onState,
    recent: recent === undefined ? undefined : checkInteger('recent', recent),
    fetch: options.fetch ?? fetch,
  });
}

function eventsUrl(value: unknown): URL {
  const text = value instanceof URL ? value.href : checkString('url', value);
  const rule = 'an absolute http or https URL without a user name';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new RangeError(optionMessage('url', rule, value, '[redacted]'));
  }
  return new URL('events', `${url.origin}${url.pathname.replace(/\/*$/, '/')}`);
}

function checkToken(value: unknown): string {
  if (typeof value === 'string' && TOKEN.test(value)) return value;
  throw new TypeError(optionMessage('token', 'a string of visible ASCII characters', value, '[redacted]'));
}
