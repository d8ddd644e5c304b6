/** One request of a client, and the stream that answers it. */
export interface ScriptedRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
  /** Sends an event. */
  say(type: string, data: object, id?: string): void;
  /** Sends text as it is. */
  write(text: string): void;
  /** Ends the stream, as a server does that closes the connection. */
  end(): void;
  /** Breaks the stream, as a network does. */
  cut(): void;
}

/** Stands for `fetch`: a test answers each request itself. */
export class ScriptedServer {
  readonly requests: ScriptedRequest[] = [];
  /** What answers instead of a stream, once for each. */
  readonly refusals: (Response | Error)[] = [];

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const { signal } = init;
    signal?.throwIfAborted();
    const url = input instanceof Request ? input.url : input.toString();
    const { request, body } = scripted(url, new Headers(init.headers), signal as AbortSignal);
    this.requests.push(request);
    const refusal = this.refusals.shift();
    if (refusal instanceof Error) throw refusal;
    return refusal ?? new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };

  get last(): ScriptedRequest {
    return this.requests.at(-1) as ScriptedRequest;
  }
}

function scripted(
  url: string,
  headers: Headers,
  signal: AbortSignal,
): { request: ScriptedRequest; body: ReadableStream<Uint8Array<ArrayBuffer>> } {
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (started) => {
      controller = started;
    },
  });
  signal.addEventListener('abort', () => controller?.error(signal.reason));
  const write = (text: string): void => controller?.enqueue(new TextEncoder().encode(text));
  const request: ScriptedRequest = {
    url,
    headers,
    signal,
    write,
    say: (type, data, id) =>
      write(`${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`),
    end: () => controller?.close(),
    cut: () => controller?.error(new TypeError('network error')),
  };
  return { request, body };
}
