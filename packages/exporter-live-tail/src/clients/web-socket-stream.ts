import type { Duplex } from 'node:stream';

import type { WebSocket } from 'ws';

import type { TailRecord } from '../records/tail-record.ts';
import type { ClientStream, TailEvent } from './client-stream.ts';
import { Outflow } from './outflow.ts';

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 (read 2026-11-28) */
const GOING_AWAY = 1001;
const TEXT = { binary: false } as const;

const ignore = (): void => {};

/** A client that reads messages of a WebSocket. */
export class WebSocketStream implements ClientStream {
  readonly transport = 'websocket';
  readonly outflow: Outflow;
  readonly #webSocket: WebSocket;

  /** @param socket the connection below the WebSocket */
  constructor(webSocket: WebSocket, socket: Duplex) {
    this.#webSocket = webSocket;
    this.outflow = new Outflow(socket);
    // A message that is too large, or none: the WebSocket closes by itself.
    webSocket.on('error', ignore);
  }

  writeRecord(record: TailRecord): void {
    this.#send(record.webSocket);
  }

  writeEvent(type: TailEvent, data: object): void {
    this.#send(`{"type":"${type}","data":${JSON.stringify(data)}}`);
  }

  ping(onWritten: () => void = ignore): void {
    if (!this.#isOpen) {
      onWritten();
      return;
    }
    this.outflow.begin();
    this.#webSocket.ping(undefined, undefined, onWritten);
  }

  end(): void {
    this.#webSocket.close(GOING_AWAY);
  }

  destroy(): void {
    this.#webSocket.terminate();
  }

  get #isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  #send(message: Uint8Array | string): void {
    if (!this.#isOpen) return;
    this.outflow.begin();
    this.#webSocket.send(message, TEXT, ignore);
  }
}
