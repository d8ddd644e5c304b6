import type { ServerResponse } from 'node:http';

import type { TailRecord } from '../records/tail-record.ts';
import type { ClientStream, TailEvent } from './client-stream.ts';
import { Outflow } from './outflow.ts';

const ignore = (): void => {};

/** A client that reads server-sent events. */
export class SseStream implements ClientStream {
  readonly transport = 'sse';
  readonly outflow: Outflow;
  readonly #response: ServerResponse;

  /** Answers the request. */
  constructor(response: ServerResponse, headers: Readonly<Record<string, string>>) {
    this.#response = response;
    this.outflow = new Outflow(response);
    // What is written to a connection that has just gone.
    response.on('error', ignore);
    // A client may be behind for as long as the exporter is told to let it.
    response.setTimeout(0);
    // The end of the connection ends the answer: framing each write as a chunk would cost as much as writing it.
    response.removeHeader('transfer-encoding');
    response.writeHead(200, {
      ...headers,
      // What compresses answers on their way, as middleware of the application, would keep events back.
      'cache-control': 'no-store, no-transform',
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
  }

  writeRecord(record: TailRecord): void {
    this.#write(record.sse);
  }

  writeEvent(type: TailEvent, data: object): void {
    this.#write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  ping(onWritten?: () => void): void {
    this.#write(': ping\n\n', onWritten);
  }

  end(): void {
    this.#response.end();
  }

  destroy(): void {
    this.#response.destroy();
  }

  #write(chunk: Uint8Array | string, onWritten: () => void = ignore): void {
    if (this.#response.destroyed || this.#response.writableEnded) {
      onWritten();
      return;
    }
    this.outflow.begin();
    this.#response.write(chunk, onWritten);
  }
}
