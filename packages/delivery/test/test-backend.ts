import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Backend, EncodedPayload, Verdict } from '@spillway/delivery';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { onTestFinished } from 'vitest';

export const INFO = 9;
export const ERROR = 17;

/** A record that is a line of text; what a test does not name is left out. */
export function line(body: string, severityNumber: number = INFO, tenant?: string): ReadableLogRecord {
  return {
    body,
    severityNumber,
    hrTime: [Date.now() / 1000, 0],
    attributes: { tenant },
  } as unknown as ReadableLogRecord;
}

/** The body is the lines of the records, each ended by a line feed; a payload belongs to the tenant of its first record. */
export function encodeLines(records: readonly ReadableLogRecord[]): EncodedPayload {
  const lines = records.map((record) => Buffer.from(`${String(record.body)}\n`));
  const recordOffsets = Uint32Array.from(lines, (_line, index) => Buffer.concat(lines.slice(0, index)).byteLength);
  return {
    body: new Uint8Array(Buffer.concat(lines)),
    recordOffsets,
    highestSeverity: Math.max(...records.map((record) => record.severityNumber ?? 0)),
    oldestTimeMillis: Math.min(...records.map((record) => record.hrTime[0] * 1000)),
    tenant: records[0]?.attributes['tenant'] as string | undefined,
  };
}

export const lineBackend: Backend = {
  id: 'lines',
  contentType: 'text/plain',
  tenantHeader: 'x-tenant',
  classify({ status, body }, { recordCount }): Verdict {
    if (status === 200 || status === 204) return { outcome: 'delivered' };
    const error = Object.assign(new Error(`The answer was ${status}.`), { name: 'LineError' });
    if ([401, 403, 404].includes(status)) return { outcome: 'refused-by-configuration', error };
    if (status === 400) return { outcome: 'rejected', rejectedCount: body === '' ? recordCount : Number(body), error };
    if (status === 413) return { outcome: 'split', reason: 'too_large', error };
    return { outcome: 'retryable', throttled: status === 429, error };
  },
  split(payload) {
    const middle = payload.recordOffsets.length >> 1;
    const cut = payload.recordOffsets[middle] ?? 0;
    const { body, recordOffsets } = payload;
    return [
      { ...payload, body: body.slice(0, cut), recordOffsets: recordOffsets.slice(0, middle) },
      { ...payload, body: body.slice(cut), recordOffsets: recordOffsets.slice(middle).map((offset) => offset - cut) },
    ];
  },
};

export interface ReceivedRequest {
  readonly lines: readonly string[];
  /** The body as it came over the wire. */
  readonly bytes: Buffer;
  readonly headers: IncomingHttpHeaders;
}

/** A status, or a function that answers in its own way. */
export type Answer = number | ((response: ServerResponse) => void);

/** A real server on 127.0.0.1 that keeps what it has answered with success. Ends with the test. */
export class LineServer {
  readonly requests: ReceivedRequest[] = [];
  readonly stored: string[] = [];
  readonly events: EventEmitter = new EventEmitter();
  answer: (request: ReceivedRequest, index: number) => Answer;
  readonly #server: Server;

  private constructor(answer: LineServer['answer']) {
    this.answer = answer;
    this.events.setMaxListeners(0);
    this.#server = createServer((incoming, response) => {
      const parts: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => parts.push(chunk));
      incoming.on('end', () => this.#onRequest(Buffer.concat(parts), incoming.headers, response));
    });
  }

  static async start(answer: LineServer['answer'] = () => 204): Promise<LineServer> {
    const server = new LineServer(answer);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    onTestFinished(() => server.close());
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/push`;
  }

  /** Resolves when so many requests have arrived since the start. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await once(this.events, 'request');
  }

  /** Breaks what is under way. */
  dropConnections(): void {
    this.#server.closeAllConnections();
  }

  close(): void {
    this.dropConnections();
    this.#server.close();
  }

  #onRequest(bytes: Buffer, headers: IncomingHttpHeaders, response: ServerResponse): void {
    const text = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    const request = { lines: text.toString().split('\n').slice(0, -1), bytes, headers };
    const answer = this.answer(request, this.requests.push(request) - 1);
    if (typeof answer === 'function') answer(response);
    else {
      if (answer < 300) this.stored.push(...request.lines);
      response.writeHead(answer).end();
    }
    this.events.emit('request');
  }
}
