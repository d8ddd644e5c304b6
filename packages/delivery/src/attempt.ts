import { withTracingSuppressed } from '@spillway/core';
import { startTimer } from '@spillway/retry';

import { namedError } from './named-error.ts';
import { keepaliveBudget } from './page/keepalive-budget.ts';

/** How one request ended. */
export type AttemptResult =
  /** The backend answered. `retryAfter` is the header as it came. */
  | { readonly kind: 'response'; readonly status: number; readonly body: string; readonly retryAfter: string | null }
  /** The answer was a redirect, which is not followed: it would carry credentials to another place. */
  | { readonly kind: 'redirect'; readonly status: number }
  /** No answer: refused, reset, timed out. */
  | { readonly kind: 'failed'; readonly error: Error }
  /** Given up by ourselves. */
  | { readonly kind: 'aborted' };

type RequestHeaders = Readonly<Record<string, string>>;

export interface AttemptRequest {
  readonly url: string;
  /** Asks for the headers: a secret among them may have to be fetched, which counts as a part of the attempt. */
  readonly headers: () => RequestHeaders | Promise<RequestHeaders>;
  /** Undefined for a request without a body. */
  readonly body: Uint8Array<ArrayBuffer> | string | undefined;
  /** @defaultValue 'POST' */
  readonly method?: 'POST' | 'PUT' | 'DELETE';
}

export interface AttemptOptions {
  readonly fetch: typeof fetch | undefined;
  /** Total time for the request and its answer, in milliseconds. */
  readonly timeoutMillis: number;
  /** Gives the attempt up. */
  readonly signal: AbortSignal;
  /** Whether the request is to outlive its page, where that is possible; in Node it means nothing. @defaultValue false */
  readonly outlivesPage?: boolean;
}

/** Error texts of a backend fit many times; more is a page of some proxy. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/**
 * Sends one request: before this returns, where the headers are known. Never rejects, and always ends within the timeout,
 * also where `fetch` or a secret never answers.
 */
export async function attempt(request: AttemptRequest, options: AttemptOptions): Promise<AttemptResult> {
  const deadline = new Deadline(options.timeoutMillis, options.signal);
  const { byteLength = 0 } = request.body instanceof Uint8Array ? request.body : {};
  const keepalive = options.outlivesPage === true && keepaliveBudget.tryTake(byteLength);
  try {
    const init = { signal: deadline.signal, ...(keepalive && { keepalive }) };
    const response = await deadline.race(withTracingSuppressed(() => send(request, options.fetch, init)));
    return await readAnswer(response, deadline);
  } catch (error) {
    deadline.clear();
    if (options.signal.aborted) return { kind: 'aborted' };
    return { kind: 'failed', error: deadline.isOver ? deadline.error() : (error as Error) };
  } finally {
    if (keepalive) keepaliveBudget.giveBack(byteLength);
  }
}

/** Rejects with an error of ours only. */
async function send(
  request: AttemptRequest,
  fetchOption: typeof fetch | undefined,
  init: RequestInit,
): Promise<Response> {
  const { url, method = 'POST', body = null } = request;
  let headers: RequestHeaders;
  try {
    const answer = request.headers();
    // Where nothing is to be waited for nothing is: a page that goes away has no time for it.
    headers = answer instanceof Promise ? await answer : answer;
  } catch (error) {
    throw namedError('PrepareError', 'A request could not be prepared.', error);
  }
  try {
    return await plainFetch(fetchOption)(url, { ...init, method, headers, body, redirect: 'manual' });
  } catch (error) {
    throw networkError(error);
  }
}

async function readAnswer(response: Response, deadline: Deadline): Promise<AttemptResult> {
  const { status } = response;
  const retryAfter = response.headers.get('retry-after');
  // The rest of a body that nobody needs is still read, or its connection could not be used again.
  const text = readText(response, deadline).finally(() => deadline.clear());
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) return { kind: 'redirect', status };
  // Success is known from the status: a connection that breaks from here on has delivered.
  return { kind: 'response', status, retryAfter, body: response.ok ? '' : await text };
}

/** The beginning of a body as text. A body that breaks off or takes too long gives what came: the status counts. */
async function readText(response: Response, deadline: Deadline): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let bytes = 0; bytes < MAX_RESPONSE_BYTES;) {
      const { done, value } = await deadline.race(reader.read());
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // What came is all there is.
  }
  reader.cancel().catch(() => {});
  return text.slice(0, MAX_RESPONSE_BYTES);
}

/** One signal for the two reasons to end an attempt: its time is over, or we give it up. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #timeoutMillis: number;
  readonly #cancelTimer: () => void;
  readonly #outer: AbortSignal;
  readonly #onOuterAbort = (): void => this.#controller.abort(this.#outer.reason);
  readonly #aborted: Promise<never>;
  isOver = false;

  constructor(timeoutMillis: number, outer: AbortSignal) {
    this.#timeoutMillis = timeoutMillis;
    this.#outer = outer;
    this.#aborted = new Promise((_resolve, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason as Error), { once: true });
    });
    // Nobody need be waiting when the attempt is over.
    this.#aborted.catch(() => {});
    if (outer.aborted) this.#onOuterAbort();
    else outer.addEventListener('abort', this.#onOuterAbort, { once: true });
    this.#cancelTimer = startTimer(() => {
      this.isOver = true;
      this.#controller.abort(this.error());
    }, timeoutMillis);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  error(): Error {
    return namedError('TimeoutError', `No complete answer within ${this.#timeoutMillis} ms.`);
  }

  /** What `work` resolves to, or a rejection as soon as the attempt is over. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#aborted]);
  }

  clear(): void {
    this.#cancelTimer();
    this.#outer.removeEventListener('abort', this.#onOuterAbort);
  }
}

/** Instrumentations keep the fetch they wrap as `__original`; our own requests must not be traced and logged. */
function plainFetch(option: typeof fetch | undefined): typeof fetch {
  const chosen = option ?? globalThis.fetch;
  const original: unknown = Reflect.get(chosen, '__original');
  return typeof original === 'function' ? (original as typeof fetch) : chosen;
}

/**
 * A stable name and the system's code. What `fetch` itself complains of is left out: it quotes the URL or a header
 * value, credentials included.
 */
function networkError(error: unknown): Error {
  const cause: unknown = error instanceof TypeError ? error.cause : error;
  const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  const text = typeof code === 'string' ? `The request failed: ${code}.` : 'The request failed.';
  return namedError('NetworkError', text, code === 'ERR_INVALID_URL' ? undefined : cause);
}
