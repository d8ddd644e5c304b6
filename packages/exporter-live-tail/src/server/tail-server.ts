import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Deadline, ListeningServer, type ThrottledDiag } from '@spillway/core';

import { refuseUpgrade, statusReply } from './reply.ts';
import type { TailRoutes } from './tail-routes.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
}

/** Bounds of what strangers can hold on to. */
export interface ServerLimits {
  /** Connections at once. */
  readonly maxConnections: number;
  /** From the first byte of a request to the last of its headers, and to its end. */
  readonly headersTimeoutMillis: number;
  readonly requestTimeoutMillis: number;
  /** How often both are looked at. */
  readonly checkIntervalMillis: number;
  /** Without a byte in either direction, but for clients: who does not read an answer would hold a connection for ever. */
  readonly idleTimeoutMillis: number;
}

export const SERVER_TIMEOUTS: Omit<ServerLimits, 'maxConnections'> = {
  headersTimeoutMillis: 5000,
  requestTimeoutMillis: 10_000,
  checkIntervalMillis: 1000,
  idleTimeoutMillis: 10_000,
};

const MAX_HEADER_BYTES = 8192;

/** The server for those who watch. */
export class TailServer {
  readonly #server: Server;
  readonly #own: ListeningServer;

  /** Never throws for what is found out when it listens: {@link listening} tells. */
  constructor({ host, port }: ListenOptions, limits: ServerLimits, routes: TailRoutes, diag: ThrottledDiag) {
    const server = process.getBuiltinModule('node:http').createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: limits.headersTimeoutMillis,
      requestTimeout: limits.requestTimeoutMillis,
      connectionsCheckingInterval: limits.checkIntervalMillis,
    });
    server.maxConnections = limits.maxConnections;
    server.timeout = limits.idleTimeoutMillis;
    server.on('request', (request, response) => routes.handle(request, response));
    server.on('upgrade', (request, socket, head) => {
      if (!routes.handleUpgrade(request, socket, head)) refuseUpgrade(socket, statusReply(404));
    });
    this.#server = server;
    this.#own = new ListeningServer({ server, host, port, name: 'live tail', diag });
  }

  /** The address, once the server listens. Rejects where it cannot. */
  listening(): Promise<AddressInfo> {
    return this.#own.listening();
  }

  /** Takes no more connections, and ends those there are. The port is free then. */
  close(timeoutMillis: number): Promise<void> {
    return this.#own.close(new Deadline(timeoutMillis), () => this.#server.closeAllConnections());
  }
}
