import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';

import { RefusingServer } from '@spillway/test/refusing-server';

const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };

/** Takes what pages of any origin push, for Loki or as OTLP, and knows which records came. */
export class PageBackend {
  readonly #server = new RefusingServer((request, response) => void this.#answer(request, response));
  readonly #found = new Set<number>();

  get url(): string {
    return this.#server.url;
  }

  accept(): Promise<void> {
    return this.#server.accept();
  }

  refuse(): Promise<void> {
    return this.#server.refuse();
  }

  /** How many different records came of those numbered from `from` on. */
  delivered(from: number, count: number): number {
    return [...this.#found].filter((index) => index >= from && index < from + count).length;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isLoki = request.url?.startsWith('/loki/') === true;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(request, 'end');
    const body = Buffer.concat(chunks);
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    for (const [, index] of text.toString().matchAll(/record (\d+):/g)) this.#found.add(Number(index));
    response.writeHead(isLoki ? 204 : 200, CORS);
    response.end(isLoki ? undefined : '{}');
  }
}
