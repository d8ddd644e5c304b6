import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** Passes HTTP requests on to a server that is not ours to stop. Close the port of the relay, and that server seems to be gone. */
export class Relay {
  readonly #target: URL;
  #server: Server | undefined;
  #port = 0;

  constructor(target: URL) {
    this.#target = target;
  }

  /** The target's address, by way of the relay. It stays the same while the relay is closed. */
  get url(): URL {
    return new URL(`${this.#target.pathname}${this.#target.search}`, `http://127.0.0.1:${this.#port}`);
  }

  get isOpen(): boolean {
    return this.#server !== undefined;
  }

  /** Listens on 127.0.0.1: at first on any port, then on that one again. */
  async open(): Promise<void> {
    const server = createServer((incoming, response) => this.#pass(incoming, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Breaks all connections and refuses new ones. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await new Promise<unknown>((resolve) => {
      if (server === undefined) return resolve(undefined);
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, url: path, headers } = incoming;
    const send = this.#target.protocol === 'https:' ? secureRequest : request;
    const outgoing = send(this.#target, { method, path, headers: { ...headers, host: this.#target.host } });
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response, ignore);
    });
    outgoing.on('error', ({ message }) => {
      if (!response.headersSent) response.writeHead(502).end(`The relay got no answer: ${message}\n`);
    });
    response.on('close', () => outgoing.destroy());
    pipeline(incoming, outgoing, ignore);
  }
}

/** A connection that breaks is what a relay is for: both sides notice by themselves. */
function ignore(): void {}
