import { attempt, type AttemptOptions, type CheckedHeaders, revealHeaders } from '@spillway/delivery';

/** How one request ended. */
export type PushAnswer =
  /** The Pushgateway, or what stands before it, answered. `retryAfter` is the header as it came. */
  | { readonly kind: 'response'; readonly status: number; readonly text: string; readonly retryAfter: string | null }
  /** No answer: refused, reset, timed out, given up, or the request could not be prepared. */
  | { readonly kind: 'failed'; readonly error: Error };

export interface PushRequest {
  readonly method: 'PUT' | 'DELETE';
  readonly url: string;
  /** Undefined for a request without a body. */
  readonly body: string | undefined;
  readonly contentType: string;
  readonly headers: CheckedHeaders;
}

/** Sends one request. Never rejects, and always ends within the timeout, also where `fetch` or a secret never answers. */
export async function sendPush(request: PushRequest, options: AttemptOptions): Promise<PushAnswer> {
  const { method, url, body, contentType } = request;
  const headers = async (): Promise<Record<string, string>> => ({
    ...(await revealHeaders(request.headers)),
    ...(body !== undefined && { 'content-type': contentType }),
  });
  const result = await attempt({ method, url, headers, body }, options);
  if (result.kind === 'response') {
    return { kind: 'response', status: result.status, text: result.body, retryAfter: result.retryAfter };
  }
  if (result.kind === 'redirect') return { kind: 'response', status: result.status, text: '', retryAfter: null };
  if (result.kind === 'aborted') return { kind: 'failed', error: options.signal.reason as Error };
  return { kind: 'failed', error: preparationError(result.error) ?? result.error };
}

/** What was wrong with a header is more telling than that the request could not be prepared. */
function preparationError({ name, cause }: Error): Error | undefined {
  return name === 'PrepareError' && cause instanceof Error ? cause : undefined;
}
