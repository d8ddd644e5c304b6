import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

import { decodeSnappy } from '../../../../test/loki/snappy.ts';
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
  readonly #server: Server = createServer((request, response) => void this.#receive(request, response));
  #running = 0;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
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
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method, url, headers } = request;
    if (method !== 'POST' || url !== '/api/v1/write') this.complaints.push(`${method} ${url}`);
    checkHeaders(headers, this.complaints);
    const body = decodeSnappy(Buffer.concat(chunks));
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
