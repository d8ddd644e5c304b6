import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { BackendKind } from './exporter-conformance.ts';

/** An HTTP server that takes requests, or behaves as a backend of another kind. What requests say is not looked at. */
export class WriteSink {
  readonly #kind: BackendKind;
  readonly #server: Server = createServer((request, response) => {
    request.resume().on('end', () => this.#answer(response));
  });
  #port = 0;
  #requests = 0;

  private constructor(kind: BackendKind) {
    this.#kind = kind;
  }

  static async start(kind: BackendKind): Promise<WriteSink> {
    const sink = new WriteSink(kind);
    await new Promise<void>((resolve) => sink.#server.listen(0, '127.0.0.1', resolve));
    sink.#port = (sink.#server.address() as AddressInfo).port;
    if (kind === 'refusing') await sink.close();
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #answer(response: ServerResponse): void {
    if (this.#kind === 'silent') return;
    const fails = this.#kind === 'flaky' && this.#requests % 2 === 0;
    this.#requests += 1;
    response.writeHead(fails ? 503 : 204).end();
  }
}
