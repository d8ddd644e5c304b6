import type { IncomingHttpHeaders } from 'node:http';

import { decodeBody } from './content-encoding.ts';

/** A request that the stand-in received. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** What was answered; undefined while nothing was, and for ever where a fault broke the connection first. */
  readonly status: number | undefined;
  /** Size of the body as sent. */
  readonly bytes: number;
  /** The body without its content encoding. */
  readonly body: () => Promise<string>;
}

/** A request that is still being handled. */
export class RequestRecord implements RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  status: number | undefined;
  raw: Buffer = Buffer.alloc(0);

  constructor(method: string, path: string, headers: IncomingHttpHeaders) {
    this.method = method;
    this.path = path;
    this.headers = headers;
  }

  get bytes(): number {
    return this.raw.length;
  }

  async body(): Promise<string> {
    const encoding = this.headers['content-encoding'] ?? '';
    const { data } = await decodeBody(this.raw, encoding, Number.MAX_SAFE_INTEGER - 1);
    return data.toString('utf8');
  }
}
