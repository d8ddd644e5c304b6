import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import { callSafely, requestUrl, type ThrottledDiag } from '@spillway/core';
import { WebSocketServer } from 'ws';

import { type AccessRules, isAllowed } from '../access/access-guard.ts';
import { type AccessToken, PROTOCOL_NAME } from '../access/access-token.ts';
import { SseStream } from '../clients/sse-stream.ts';
import { readStartRequest } from '../clients/start-point.ts';
import type { TailClients } from '../clients/tail-clients.ts';
import { WebSocketStream } from '../clients/web-socket-stream.ts';
import { type PageSettings, pageReply } from './page-reply.ts';
import { COMMON_HEADERS, refuseUpgrade, type Reply, sendReply, statusReply } from './reply.ts';

interface TailRoutesOptions {
  readonly page: PageSettings;
  readonly access: AccessRules;
  readonly token: AccessToken;
  readonly clients: TailClients;
  readonly isClosed: () => boolean;
  readonly diag: ThrottledDiag;
}

/** A request below our path. */
interface Target {
  /** Behind the base path: empty for the page. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Clients have nothing to say. */
const MAX_MESSAGE_BYTES = 1024;
const RETRY_AFTER = { 'retry-after': '5' };
const CHALLENGE = { 'www-authenticate': 'Bearer realm="live tail"' };

const ignore = (): void => {};

/** Answers requests, whatever server they come by. Never throws. */
export class TailRoutes {
  readonly #options: TailRoutesOptions;
  readonly #webSockets: WebSocketServer = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: () => PROTOCOL_NAME,
  });

  constructor(options: TailRoutesOptions) {
    this.#options = options;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    callSafely(
      () => this.#handle(request, response),
      (error) => {
        this.#options.diag.error('request', 'A request could not be answered', error);
        response.destroy();
      },
    );
  }

  /** Answers false where the path is none of ours, and has done nothing then. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const target = this.#targetOf(request);
    if (target === undefined) return false;
    const refusal = this.#upgradeRefusal(request, target);
    callSafely(
      () =>
        refusal === undefined
          ? this.#openWebSocket(request, socket, head, target.query)
          : refuseUpgrade(socket, refusal),
      (error) => {
        this.#options.diag.error('request', 'A WebSocket could not be opened', error);
        socket.destroy();
      },
    );
    return true;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const target = this.#targetOf(request);
    const refusal = this.#refusal(request, target);
    if (refusal !== undefined) sendReply(response, refusal);
    else if (target?.path === '') sendReply(response, pageReply(this.#options.page));
    else if (!this.#options.token.admitsHeader(request.headers.authorization)) {
      sendReply(response, statusReply(401, CHALLENGE));
    } else if (target?.path === 'events') this.#openEvents(request, response, target.query);
    else sendReply(response, this.#health());
  }

  #targetOf(request: IncomingMessage & { readonly originalUrl?: string | undefined }): Target | undefined {
    // Express takes the path that a handler is mounted at out of `url`.
    const { url: text = '', originalUrl: whole = text } = request;
    const url = requestUrl(whole);
    const { basePath } = this.#options.page;
    if (url === null || !`${url.pathname}/`.startsWith(basePath)) return undefined;
    return { path: url.pathname.slice(basePath.length), query: url.searchParams };
  }

  /** What is answered before any token is looked at; undefined for nothing. */
  #refusal(request: IncomingMessage, target: Target | undefined): Reply | undefined {
    const { host, origin } = request.headers;
    if (!isAllowed(this.#options.access, host, origin)) return statusReply(403);
    if (this.#options.isClosed()) return statusReply(503, RETRY_AFTER);
    switch (target?.path) {
      case '':
      case 'events':
      case 'health/clients':
        return request.method === 'GET' ? undefined : statusReply(405, { allow: 'GET' });
      case 'socket':
        return statusReply(426, { upgrade: 'websocket', connection: 'upgrade' });
      default:
        return statusReply(404);
    }
  }

  #upgradeRefusal(request: IncomingMessage, { path }: Target): Reply | undefined {
    const { clients, token, access, isClosed } = this.#options;
    const { host, origin } = request.headers;
    if (!isAllowed(access, host, origin)) return statusReply(403);
    if (path !== 'socket') return statusReply(404);
    if (request.method !== 'GET') return statusReply(405, { allow: 'GET' });
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!token.admitsProtocols(protocols)) return statusReply(401, CHALLENGE);
    if (!protocols.includes(PROTOCOL_NAME)) return statusReply(400);
    return isClosed() || clients.isFull ? statusReply(503, RETRY_AFTER) : undefined;
  }

  #openEvents(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    const { clients } = this.#options;
    if (clients.isFull) {
      sendReply(response, statusReply(503, RETRY_AFTER));
      return;
    }
    const lastEventId = request.headers['last-event-id'];
    const start = readStartRequest(typeof lastEventId === 'string' ? lastEventId : undefined, query);
    response.once('close', clients.add(new SseStream(response, COMMON_HEADERS), start));
  }

  #openWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer, query: URLSearchParams): void {
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const remove = this.#options.clients.add(
        new WebSocketStream(webSocket, socket),
        readStartRequest(undefined, query),
      );
      webSocket.once('close', remove);
      webSocket.on('message', ignore);
    });
  }

  #health(): Reply {
    const body = JSON.stringify({ clients: this.#options.clients.health() });
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
}
