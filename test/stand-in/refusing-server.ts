import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on 127.0.0.1 that can go away and come back on the same port. */
export class RefusingServer {
  readonly #listener: RequestListener;
  #server: Server | undefined;
  #port = 0;

  constructor(listener: RequestListener) {
    this.#listener = listener;
  }

  /** The base URL, without a path. It stays the same while connections are refused. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens: at first on any port, then on that one again. */
  async accept(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer(this.#listener);
    // An idle connection outlives the pause between two requests, as with servers behind a balancer.
    server.keepAliveTimeout = 120_000;
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Breaks all connections and refuses new ones, as if the process were gone. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}
