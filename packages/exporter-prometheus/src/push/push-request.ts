import { withTracingSuppressed } from '@spillway/core';
import { startTimer, TimeoutError } from '@spillway/retry';

import type { PushHeaders } from './push-headers.ts';

/** How one request ended. */
export type PushAnswer =
  /** The Pushgateway, or what stands before it, answered. `retryAfter` is the header as it came. */
  | { readonly kind: 'response'; readonly status: number; readonly text: string; readonly retryAfter: string | null }
  /** No answer: refused, reset, timed out, or the request could not be prepared. */
  | { readonly kind: 'failed'; readonly error: Error };

export interface PushRequest {
  readonly method: 'PUT' | 'DELETE';
  readonly url: string;
  /** Undefined for a request without a body. */
  readonly body: string | undefined;
  readonly contentType: string;
  readonly headers: PushHeaders;
}

export interface PushRequestOptions {
  readonly fetch: typeof fetch | undefined;
  /** Total time for the request and its answer, in milliseconds. */
  readonly timeoutMillis: number;
  /** Gives the request up. */
  readonly signal: AbortSignal;
}

/** A Pushgateway's own texts fit many times; more is a page of some proxy. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/** Sends one request. Never rejects, and always ends within the timeout, also where `fetch` or a secret never answers. */
export async function sendPush(request: PushRequest, options: PushRequestOptions): Promise<PushAnswer> {
  const { timeoutMillis } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const giveUp = (): void => controller.abort(options.signal.reason);
  const cancelTimer = startTimer(
    () => controller.abort(new TimeoutError(`No complete answer within ${timeoutMillis} ms.`)),
    timeoutMillis,
  );
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  if (options.signal.aborted) giveUp();
  else options.signal.addEventListener('abort', giveUp, { once: true });
  try {
    const answer = withTracingSuppressed(() => exchange(request, options.fetch, signal));
    return await Promise.race([answer, aborted]);
  } catch (error) {
    return { kind: 'failed', error: error as Error };
  } finally {
    cancelTimer();
    options.signal.removeEventListener('abort', giveUp);
  }
}

async function exchange(
  { method, url, body, contentType, headers: readHeaders }: PushRequest,
  fetchOption: typeof fetch | undefined,
  signal: AbortSignal,
): Promise<PushAnswer> {
  const headers = await readHeaders();
  const init: RequestInit = { method, headers, redirect: 'manual', signal };
  if (body !== undefined) {
    headers['content-type'] = contentType;
    init.body = body;
  }
  const response = await plainFetch(fetchOption)(url, init).catch((error: unknown) => {
    throw networkError(error);
  });
  // Success is known from the status: nobody need wait for the rest.
  const text = response.ok ? discardBody(response) : await readText(response);
  return { kind: 'response', status: response.status, text, retryAfter: response.headers.get('retry-after') };
}

function discardBody(response: Response): string {
  response.body?.cancel().catch(() => {});
  return '';
}

/** The beginning of a body as text. A body that breaks off gives what came: the status counts. */
async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let bytes = 0; bytes < MAX_RESPONSE_BYTES;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // What came is all there is.
  }
  reader.cancel().catch(() => {});
  return text;
}

/** Instrumentations keep the fetch they wrap as `__original`; our own requests must not be traced and logged. */
function plainFetch(option: typeof fetch | undefined): typeof fetch {
  const chosen = option ?? globalThis.fetch;
  const original: unknown = Reflect.get(chosen, '__original');
  return typeof original === 'function' ? (original as typeof fetch) : chosen;
}

/** The system's code only. What `fetch` itself complains of quotes the address or a header, credentials included. */
function networkError(error: unknown): Error {
  const cause: unknown = error instanceof TypeError ? error.cause : error;
  const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  const result = new Error(typeof code === 'string' ? `The request failed: ${code}.` : 'The request failed.');
  result.name = 'NetworkError';
  return result;
}
