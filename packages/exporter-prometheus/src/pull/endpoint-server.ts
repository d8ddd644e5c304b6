import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Deadline, type ThrottledDiag, withTracingSuppressed, workUntilDeadline } from '@spillway/core';

import type { ResolvedEndpointOptions } from './endpoint-options.ts';
import { requestPath } from './request-path.ts';
import { nodeReply } from './scrape-handlers.ts';
import { plain, type ScrapeReply, type ScrapeResponder } from './scrape-responder.ts';

/** Where an endpoint listens. */
export interface EndpointAddress {
  readonly host: string;
  readonly port: number;
  /** The whole address of the metrics. */
  readonly url: string;
}

const ignore = (): void => {};

const NOTHING = new Uint8Array();

/** Connections at once: scrapers are few, and each keeps one. */
const MAX_CONNECTIONS = 100;

/** The exporter's own server. It keeps no process alive, neither by itself nor by its connections. */
export class EndpointServer {
  readonly #options: ResolvedEndpointOptions;
  readonly #responder: ScrapeResponder;
  readonly #diag: ThrottledDiag;
  readonly #server: Server;
  readonly #listening: Promise<EndpointAddress>;
  #openReplies = 0;
  #isClosing = false;

  /** Never throws for what is found out when it listens: {@link listening} tells. */
  constructor(options: ResolvedEndpointOptions, responder: ScrapeResponder, diag: ThrottledDiag) {
    this.#options = options;
    this.#responder = responder;
    this.#diag = diag;
    this.#server = process
      .getBuiltinModule('node:http')
      .createServer((request, response) => this.#handle(request, response));
    this.#server.unref();
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on('connection', (socket) => socket.unref());
    this.#listening = this.#listen();
    // Whoever does not ask gets it from the diagnostics only.
    this.#listening.catch(ignore);
  }

  /** The address, once the server listens. Rejects where it cannot. */
  listening(): Promise<EndpointAddress> {
    return this.#listening;
  }

  /** Takes no more requests, ends those under way within the time, and closes all connections. The port is free then. */
  async close(timeoutMillis: number): Promise<void> {
    this.#isClosing = true;
    const deadline = new Deadline(timeoutMillis);
    // One that is about to listen takes the port for a moment yet.
    if (!this.#server.listening) return workUntilDeadline(deadline, this.#listening);
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#closeIfIdle();
    await workUntilDeadline(deadline, closed);
    this.#server.closeAllConnections();
  }

  #listen(): Promise<EndpointAddress> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.on('error', (error) => {
        this.#diag.error('listen', `The endpoint cannot listen on ${host}, port ${port}`, error);
        reject(error);
      });
      this.#server.once('listening', () => {
        if (this.#isClosing) {
          const error = new Error('The exporter was shut down before its endpoint listened.');
          this.#server.close(() => reject(error));
        } else {
          resolve(this.#address());
        }
      });
      // Workers of a cluster would share the port, and scrapes get the counters of now one of them, now another.
      withTracingSuppressed(() => this.#server.listen({ host, port, exclusive: true }));
    });
  }

  #address(): EndpointAddress {
    const { address, family, port } = this.#server.address() as AddressInfo;
    const host = family === 'IPv6' ? `[${address}]` : address;
    return { host: address, port, url: `http://${host}:${port}${this.#options.path}` };
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    this.#openReplies += 1;
    response.once('close', () => {
      this.#openReplies -= 1;
      if (this.#isClosing) this.#closeIfIdle();
    });
    const isMetrics = requestPath(request.url ?? '') === this.#options.path;
    if (isMetrics) void nodeReply(this.#responder, request).then((reply) => send(reply, response));
    else send(plain(404, 'Not found.\n'), response);
  }

  /** Also connections on which no request has come yet, which `close` of the server waits for. */
  #closeIfIdle(): void {
    if (this.#openReplies === 0) this.#server.closeAllConnections();
  }
}

/** Ends an answer when the client has it: one that is ended counts as idle before, and a server that closes cuts it off. */
function send({ status, headers, body = NOTHING }: ScrapeReply, response: ServerResponse): void {
  if (response.destroyed) return;
  response.writeHead(status, headers);
  response.write(body, () => response.end());
}
