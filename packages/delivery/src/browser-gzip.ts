import type { Compressor } from './compression.ts';

/** Stands for `node-gzip.ts` in bundles for pages, where there is no zlib: it need not be downloaded. */
export function nodeGzip(): Compressor | undefined {
  return undefined;
}
