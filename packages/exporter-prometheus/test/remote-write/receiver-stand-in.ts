import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

import { decodeSnappy } from '../../../../test/loki/snappy.ts';
import { readBody } from '../../../../test/stand-in/read-body.ts';
import { RefusingServer } from '../../../../test/stand-in/refusing-server.ts';
import { type ReadSeries, readWriteRequest } from './write-request-reader.ts';
import { StrictReceiver } from './strict-receiver.ts';

/** What a request had, before it was answered. */
export interface ReceivedWrite {
  readonly headers: IncomingHttpHeaders;
  readonly series: readonly ReadSeries[];
}

/** A receiver over HTTP, which refuses a request as Prometheus does, and notes what breaks the protocol. */
export class ReceiverStandIn {
  readonly receiver: StrictReceiver = new StrictReceiver();
  readonly requests: ReceivedWrite[] = [];
  readonly complaints: string[] = [];
  /** Status for a request; undefined where it is stored or refused by the rules. */
  answer: (request: ReceivedWrite) => number | undefined = () => undefined;
  readonly #server = new RefusingServer((request, response) => void this.#receive(request, response));
  #running = 0;

  async start(): Promise<void> {
    await this.#server.accept();
  }

  get url(): string {
    return this.#server.url;
  }

  async close(): Promise<void> {
    await this.#server.refuse();
  }

  /** The last value of each series, by the text of those of its labels that are named. */
  lastValues(...names: readonly string[]): Record<string, number | undefined> {
    const entries = [...this.receiver.stored].map(([key, { samples }]) => {
      const labels = new Map(JSON.parse(key) as [string, string][]);
      return [names.map((name) => labels.get(name) ?? '').join(' '), samples.at(-1)?.value] as const;
    });
    return Object.fromEntries(entries);
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#running += 1;
    if (this.#running > 1) this.complaints.push('two requests at once');
    response.on('close', () => (this.#running -= 1));
    const { method, url, headers } = request;
    if (method !== 'POST' || url !== '/api/v1/write') this.complaints.push(`${method} ${url}`);
    checkHeaders(headers, this.complaints);
    const body = decodeSnappy(await readBody(request, Infinity));
    const write = { headers, series: readWriteRequest(body) };
    this.requests.push(write);
    const status = this.answer(write);
    if (status === undefined) this.#store(body, response);
    else response.writeHead(status).end();
  }

  #store(body: Uint8Array, response: ServerResponse): void {
    try {
      this.receiver.write(body);
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(400).end((error as Error).message);
    }
  }
}

/** @see https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol (read 2026-11-28) */
function checkHeaders(headers: IncomingHttpHeaders, complaints: string[]): void {
  if (headers['content-encoding'] !== 'snappy') complaints.push('not snappy');
  if (headers['content-type'] !== 'application/x-protobuf') complaints.push('not protobuf');
  if (headers['x-prometheus-remote-write-version'] !== '0.1.0') complaints.push('no version');
  if (headers['user-agent'] === undefined) complaints.push('no user agent');
}
