import { EventStreamParser, type StreamEvent } from './event-stream-parser.ts';
import { SilenceWatch } from './silence-watch.ts';

/** The server says something every second, and at least every 15 s: twice that and a bit is too long. */
const MAX_SILENCE_MILLIS = 35_000;

export interface TailRequest {
  readonly fetch: typeof fetch;
  readonly url: URL;
  readonly token: string;
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
  readonly onEvent: (event: StreamEvent) => void;
}

/** Why a request is over. */
export interface TailRequestEnd {
  /** What the server answered with; 0 without an answer. */
  readonly status: number;
  readonly reason: string;
  readonly retryAfter: string | null;
}

/** Reads one stream to its end, whatever ends it. Never rejects. */
export async function followTail(request: TailRequest): Promise<TailRequestEnd> {
  const { url, token, lastEventId, onEvent } = request;
  const silence = new AbortController();
  const watch = new SilenceWatch(MAX_SILENCE_MILLIS, () => silence.abort());
  const signal = AbortSignal.any([request.signal, silence.signal]);
  let [status, retryAfter]: [number, string | null] = [0, null];
  try {
    const headers: Record<string, string> = { accept: 'text/event-stream', authorization: `Bearer ${token}` };
    if (lastEventId !== undefined) headers['last-event-id'] = lastEventId;
    // The token goes to no other address, and no cache keeps what is logged.
    const options: RequestInit = { headers, signal, redirect: 'error', cache: 'no-store' };
    // Browsers refuse to have theirs called as a method of something else.
    const response = await request.fetch.call(undefined, url, options);
    ({ status } = response);
    retryAfter = response.headers.get('retry-after');
    if (!isEventStream(response)) {
      await response.body?.cancel();
      return { status, retryAfter, reason: `the server answered ${status} without an event stream` };
    }
    await readStream(response.body, onEvent, () => watch.hear());
    return { status, retryAfter, reason: 'the server closed the connection' };
  } catch {
    // What `fetch` throws differs from browser to browser, and may quote a header.
    const reason = silence.signal.aborted ? 'the server was silent for too long' : 'the server cannot be reached';
    return { status, retryAfter, reason: status === 200 && !silence.signal.aborted ? 'the connection broke' : reason };
  } finally {
    watch.stop();
  }
}

function isEventStream(response: Response): response is Response & { body: ReadableStream<Uint8Array> } {
  const type = response.headers.get('content-type') ?? '';
  return response.status === 200 && response.body !== null && type.startsWith('text/event-stream');
}

async function readStream(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: StreamEvent) => void,
  onChunk: () => void,
): Promise<void> {
  const parser = new EventStreamParser(onEvent);
  const reader = body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    onChunk();
    parser.push(chunk.value);
  }
}
