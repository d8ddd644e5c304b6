import type { Compressor } from './compression.ts';
import { GZIP_LEVEL, GzipPool } from './gzip-pool.ts';

/** Gzip by Node's zlib; undefined where there is none. Bundles for pages have `browser-gzip.ts` in its place. */
export function nodeGzip(): Compressor | undefined {
  const zlib = globalThis.process?.getBuiltinModule?.('node:zlib');
  if (zlib === undefined) return undefined;
  const pool = new GzipPool(zlib);
  return {
    contentEncoding: 'gzip',
    compress: (body) => pool.compress(body),
    compressNow: (body) => new Uint8Array(zlib.gzipSync(body, { level: GZIP_LEVEL })),
    expand: (body) =>
      new Promise((resolve, reject) => {
        zlib.gunzip(body, (error, result) => (error === null ? resolve(new Uint8Array(result)) : reject(error)));
      }),
  };
}
