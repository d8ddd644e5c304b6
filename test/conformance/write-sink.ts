import type { ServerResponse } from 'node:http';

import { RefusingServer } from '../stand-in/refusing-server.ts';
import type { BackendKind } from './exporter-conformance.ts';

/** An HTTP server that takes requests, or behaves as a backend of another kind. What requests say is not looked at. */
export class WriteSink {
  readonly #kind: BackendKind;
  readonly #server = new RefusingServer((request, response) => {
    request.resume().on('end', () => this.#answer(response));
  });
  #requests = 0;

  private constructor(kind: BackendKind) {
    this.#kind = kind;
  }

  static async start(kind: BackendKind): Promise<WriteSink> {
    const sink = new WriteSink(kind);
    await sink.#server.accept();
    if (kind === 'refusing') await sink.close();
    return sink;
  }

  get url(): string {
    return this.#server.url;
  }

  async close(): Promise<void> {
    await this.#server.refuse();
  }

  #answer(response: ServerResponse): void {
    if (this.#kind === 'silent') return;
    const fails = this.#kind === 'flaky' && this.#requests % 2 === 0;
    this.#requests += 1;
    response.writeHead(fails ? 503 : 204).end();
  }
}
