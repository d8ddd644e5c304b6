import type * as Zlib from 'node:zlib';

import type { ThrottledDiag } from '@spillway/core';

import { acceptsGzip } from './accepts-gzip.ts';
import type { ScrapeAuth } from './scrape-auth.ts';

/** Of what zlib does best a seventh of the time, for a quarter more bytes: a scraper is mostly near. */
const GZIP_LEVEL = 1;

/** Metrics as text. */
export interface Exposition {
  /** Value of the header `Content-Type`. */
  readonly contentType: string;
  readonly body: string;
}

/** What matters of a request. */
export interface ScrapeRequest {
  readonly method: string | undefined;
  /** The value of a header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
}

/** An answer, whatever sends it. */
export interface ScrapeReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where the client wants headers only. */
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

interface ScrapeResponderOptions {
  /** Writes the metrics for a client that sends this header `Accept`. */
  readonly expose: (accept: string | undefined) => Exposition;
  readonly auth: ScrapeAuth | undefined;
  readonly diag: ThrottledDiag;
}

/** Answers scrapes. */
export class ScrapeResponder {
  readonly #options: ScrapeResponderOptions;

  constructor(options: ScrapeResponderOptions) {
    this.#options = options;
  }

  /**
   * Never rejects: what goes wrong is the answer 500, and a diagnostic message.
   * @param read reads the request, and may throw where it is handed something else
   */
  async reply(read: () => ScrapeRequest): Promise<ScrapeReply> {
    try {
      return await this.#reply(read());
    } catch (error) {
      this.#options.diag.error('scrape', 'A scrape could not be answered', error);
      return plain(500, 'Metrics are not available.\n');
    }
  }

  async #reply({ method, header }: ScrapeRequest): Promise<ScrapeReply> {
    const { auth, expose } = this.#options;
    if (auth !== undefined && !(await auth.admits(header('authorization')))) {
      return plain(401, 'Unauthorized.\n', { 'www-authenticate': auth.challenge });
    }
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Method not allowed.\n', { allow: 'GET, HEAD' });
    const { contentType, body } = expose(header('accept'));
    const headers = { 'content-type': contentType, vary: 'Accept, Accept-Encoding' };
    // Once: a text would be read again for its length, and copied behind the headers.
    const bytes = Buffer.from(body);
    const compressed = acceptsGzip(header('accept-encoding')) ? await gzip(bytes) : undefined;
    const reply =
      compressed === undefined
        ? withLength(200, headers, bytes)
        : withLength(200, { ...headers, 'content-encoding': 'gzip' }, compressed);
    return method === 'HEAD' ? { ...reply, body: undefined } : reply;
  }
}

/** An answer that is a short text. */
export function plain(status: number, text: string, headers: ScrapeReply['headers'] = {}): ScrapeReply {
  return withLength(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }, Buffer.from(text));
}

function withLength(status: number, headers: ScrapeReply['headers'], body: Uint8Array<ArrayBuffer>): ScrapeReply {
  return { status, headers: { ...headers, 'content-length': String(body.length) }, body };
}

/** On a thread of its own, so that records do not wait; undefined in a runtime that has no zlib. */
async function gzip(body: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const zlib = process.getBuiltinModule('node:zlib') as typeof Zlib | undefined;
  if (zlib === undefined) return undefined;
  return new Promise((resolve, reject) => {
    zlib.gzip(body, { level: GZIP_LEVEL }, (error, result) =>
      error === null ? resolve(new Uint8Array(result)) : reject(error),
    );
  });
}
