import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Deadline, ListeningServer, requestUrl, type ThrottledDiag } from '@spillway/core';

import type { ResolvedEndpointOptions } from './endpoint-options.ts';
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

/** The server for scrapes. */
export class EndpointServer {
  readonly #options: ResolvedEndpointOptions;
  readonly #responder: ScrapeResponder;
  readonly #server: Server;
  readonly #own: ListeningServer;
  readonly #listening: Promise<EndpointAddress>;
  #openReplies = 0;

  /** Never throws for what is found out when it listens: {@link listening} tells. */
  constructor(options: ResolvedEndpointOptions, responder: ScrapeResponder, diag: ThrottledDiag) {
    this.#options = options;
    this.#responder = responder;
    const { host, port } = options;
    const server = process
      .getBuiltinModule('node:http')
      .createServer((request, response) => this.#handle(request, response));
    server.maxConnections = MAX_CONNECTIONS;
    this.#server = server;
    this.#own = new ListeningServer({ server, host, port, name: 'endpoint', diag });
    this.#listening = this.#own.listening().then((address) => this.#addressOf(address));
    this.#listening.catch(ignore);
  }

  /** The address, once the server listens. Rejects where it cannot. */
  listening(): Promise<EndpointAddress> {
    return this.#listening;
  }

  /** Takes no more requests, ends those under way within the time, and closes all connections. The port is free then. */
  close(timeoutMillis: number): Promise<void> {
    return this.#own.close(new Deadline(timeoutMillis), () => this.#closeIfIdle());
  }

  #addressOf({ address, family, port }: AddressInfo): EndpointAddress {
    const host = family === 'IPv6' ? `[${address}]` : address;
    return { host: address, port, url: `http://${host}:${port}${this.#options.path}` };
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    this.#openReplies += 1;
    response.once('close', () => {
      this.#openReplies -= 1;
      if (this.#own.isClosing) this.#closeIfIdle();
    });
    const isMetrics = requestUrl(request.url ?? '')?.pathname === this.#options.path;
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
