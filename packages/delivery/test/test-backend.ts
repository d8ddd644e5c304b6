import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type Drop, DROP_REASONS } from '@spillway/core';
import {
  type Backend,
  Delivery,
  type DeliveryOptions,
  type Destination,
  type DestinationOptions,
  type EncodedPayload,
  MemoryOutbox,
  type MemoryOutboxOptions,
  type Outbox,
  type Payload,
  type Verdict,
} from '@spillway/delivery';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { expect, onTestFinished, vi } from 'vitest';

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

export interface OpenOptions {
  /** @defaultValue a Delivery of its own, made with `deliveryOptions` */
  readonly delivery?: Delivery;
  readonly deliveryOptions?: DeliveryOptions;
  readonly destinationOptions?: Partial<DestinationOptions>;
  /** @defaultValue Infinity: what is exported in one turn is one payload */
  readonly recordsPerPayload?: number;
}

export interface Opened {
  readonly delivery: Delivery;
  readonly destination: Destination;
  readonly drops: Drop[];
  /** Exports records, or lines as INFO; resolves to the result's code. */
  export(...records: (ReadableLogRecord | string)[]): Promise<number>;
}

/** Fails at once when it is tried again: for tests in which time plays no part. */
export const noBackoff = { delayMillis: (): number => 0 };

/**
 * Opens a way to a server, to an address or to nowhere. The account must be right at each request, each drop, each
 * answer and at the end of the test.
 */
export function openDelivery(to: LineServer | string | undefined, options: OpenOptions = {}): Opened {
  const { recordsPerPayload = Infinity, deliveryOptions = {} } = options;
  const { delivery = new Delivery({ outbox: writeAheadOutbox(), ...deliveryOptions }) } = options;
  const drops: Drop[] = [];
  const wrongAccounts: unknown[] = [];
  const checkAccount = (): void => {
    try {
      expectRightAccount(destination, drops);
    } catch (error) {
      // Thrown into a callback it would be caught: no callback may disturb the sending.
      wrongAccounts.push(error);
    }
  };
  if (to instanceof LineServer) to.events.on('request', checkAccount);
  const destination: Destination = delivery.attach({
    backend: lineBackend,
    url: to instanceof LineServer ? to.url : to,
    encode: (records) => ({ payloads: chunks(records, recordsPerPayload).map(encodeLines), drops: [] }),
    namespace: 'test',
    componentType: 'TestExporter',
    ...options.destinationOptions,
    onDrop: (drop) => {
      drops.push(drop);
      checkAccount();
      return options.destinationOptions?.onDrop?.(drop);
    },
  });
  onTestFinished(async () => {
    await destination.shutdown({ timeoutMillis: 0 });
    checkAccount();
    expect(wrongAccounts).toEqual([]);
    expect(destination.stats().held).toBe(0);
  });
  return {
    delivery,
    destination,
    drops,
    export: (...records) =>
      new Promise((resolve) => {
        const list = records.map((record) => (typeof record === 'string' ? line(record) : record));
        destination.export(list, (result) => {
          checkAccount();
          resolve(result.code);
        });
      }),
  };
}

function expectRightAccount(destination: Destination, drops: readonly Drop[]): void {
  const { received, created, recovered, passed, dropped, droppedTotal, held } = destination.stats();
  expect(received + created + recovered).toBe(passed + droppedTotal + held);
  expect(held).toBeGreaterThanOrEqual(0);
  for (const reason of DROP_REASONS) {
    const told = drops.filter((drop) => drop.reason === reason).reduce((sum, drop) => sum + drop.count, 0);
    expect(told).toBe(dropped[reason] ?? 0);
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  if (items.length <= size) return [[...items]];
  return [items.slice(0, size), ...chunks(items.slice(size), size)];
}

/** A memory outbox that is waited for: once an export is answered, its payloads are there, and requests have begun. */
export function writeAheadOutbox(options?: MemoryOutboxOptions): MemoryOutbox {
  return Object.assign(new MemoryOutbox(options), { writesAhead: true });
}

/** An outbox in which everything takes a few turns of the event loop, as on a disk. */
export class SlowOutbox implements Outbox {
  readonly maxBytes: number;
  readonly writesAhead = true;
  readonly payloads: Map<number, Payload> = new Map();

  constructor(maxBytes: number = 32 * 1024 * 1024) {
    this.maxBytes = maxBytes;
  }

  async put(id: number, payload: Payload): Promise<void> {
    await nextTurn();
    this.payloads.set(id, payload);
  }

  async read(id: number): Promise<Payload> {
    await nextTurn();
    const payload = this.payloads.get(id);
    if (payload === undefined) throw new Error(`There is no payload ${id}.`);
    return payload;
  }

  async remove(id: number): Promise<void> {
    await nextTurn();
    this.payloads.delete(id);
  }

  async close(): Promise<void> {
    await nextTurn();
  }
}

/** Lets waiting input and output happen; fake timers leave it alone. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Waits for a condition that input or output brings about; the test's timeout ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}

/** Stops the clocks and timers that our code reads; sockets go on. */
export function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Moves the stopped time on, running what is due. */
export async function pass(millis: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(millis);
}

/** Moves the stopped time on to the next request; no timer of that request fires. */
export async function passToRequest(delivery: Delivery): Promise<void> {
  for (let i = 0; i < 1000 && delivery.stats().requestsInFlight === 0; i += 1) await pass(100);
}

/** Waits until no request is under way. */
export function answered(delivery: Delivery): Promise<void> {
  return until(() => delivery.stats().requestsInFlight === 0);
}
