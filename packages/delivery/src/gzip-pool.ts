import type * as Zlib from 'node:zlib';

import { concatBytes } from '@spillway/core';

type Bytes = Uint8Array<ArrayBuffer>;
/** `reset` is missing from Node's types of Gzip; Zlib and Deflate have it. */
type Gzip = Zlib.Gzip & Zlib.ZlibReset;

/** Level 1 costs the least and gives all but a few percent of what higher levels give on log lines (measured: bench/README.md). */
export const GZIP_LEVEL = 1;
/** A request of 1 MiB compresses to some 80 KiB; most are smaller and fit one chunk, where zlib's default takes several. */
const CHUNK_BYTES = 64 * 1024;
/** More than any body compresses to: output is read only when it is complete, and a stream that waited for a reader would never end. */
const MAX_OUTPUT_BYTES = 2 ** 30;
/** As many as Node's thread pool works on at once. */
const MAX_IDLE = 4;

/**
 * Compresses bodies on Node's thread pool, with streams that are used again. A new stream takes 268 KiB outside the heap,
 * and one for each request makes V8 collect its whole heap several times a second (measured: bench/README.md).
 */
export class GzipPool {
  readonly #zlib: typeof Zlib;
  readonly #idle: Gzip[] = [];

  constructor(zlib: typeof Zlib) {
    this.#zlib = zlib;
  }

  compress(body: Bytes): Promise<Bytes> {
    const stream = this.#idle.pop() ?? this.#create();
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        stream.destroy();
        reject(error);
      };
      stream.once('error', fail);
      stream.write(body);
      stream.flush(this.#zlib.constants.Z_FINISH, () => {
        stream.off('error', fail);
        resolve(readAll(stream));
        this.#release(stream);
      });
    });
  }

  #create(): Gzip {
    const options = { level: GZIP_LEVEL, chunkSize: CHUNK_BYTES, highWaterMark: MAX_OUTPUT_BYTES };
    return this.#zlib.createGzip(options) as Gzip;
  }

  #release(stream: Gzip): void {
    stream.reset();
    if (this.#idle.length < MAX_IDLE) this.#idle.push(stream);
    else stream.close();
  }
}

/** All that a stream has put out, copied: what is held for long must not keep the rest of an output chunk alive. */
function readAll(stream: Gzip): Bytes {
  const chunks: Bytes[] = [];
  for (let chunk = stream.read() as Bytes | null; chunk !== null; chunk = stream.read() as Bytes | null)
    chunks.push(chunk);
  return concatBytes(chunks);
}
