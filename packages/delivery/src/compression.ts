import type * as Zlib from 'node:zlib';

/** Compresses and expands bodies; both directions keep the caller's thread free. */
export interface Compressor {
  /** What `Content-Encoding` says of the result; undefined where bodies go as they are. */
  readonly contentEncoding: 'gzip' | undefined;
  compress(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  expand(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a body can be sent as. */
export type Compression = 'gzip' | 'none';

/** A typical body compresses to a tenth: it fits one output chunk, where zlib's default of 16 KiB would need several. */
const CHUNK_BYTES = 128 * 1024;
/** Level 1 costs the least and gives all but a few percent of what higher levels give on log lines (measured: bench/README.md). */
const GZIP_LEVEL = 1;

/**
 * Chooses how bodies are compressed here: Node's zlib on its thread pool, `CompressionStream` elsewhere,
 * nothing where neither exists.
 */
export function createCompressor(compression: Compression): Compressor {
  if (compression === 'none') return uncompressed;
  const zlib = globalThis.process?.getBuiltinModule?.('node:zlib');
  if (zlib !== undefined) return nodeGzip(zlib);
  return typeof CompressionStream === 'function' ? streamGzip : uncompressed;
}

const uncompressed: Compressor = {
  contentEncoding: undefined,
  compress: (body) => Promise.resolve(body),
  expand: (body) => Promise.resolve(body),
};

const streamGzip: Compressor = {
  contentEncoding: 'gzip',
  compress: (body) => through(body, new CompressionStream('gzip')),
  expand: (body) => through(body, new DecompressionStream('gzip')),
};

function nodeGzip(zlib: typeof Zlib): Compressor {
  return {
    contentEncoding: 'gzip',
    compress: (body) =>
      settled((done) => zlib.gzip(body, { level: GZIP_LEVEL, chunkSize: CHUNK_BYTES }, done)).then(trimmed),
    expand: (body) => settled((done) => zlib.gunzip(body, { chunkSize: CHUNK_BYTES }, done)),
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

function settled(start: (done: (error: Error | null, result: Bytes) => void) => void): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error === null ? resolve(result) : reject(error)));
  });
}

/** zlib hands out a view of a whole chunk; what is held for long must not keep the rest of it alive. */
function trimmed(bytes: Bytes): Bytes {
  return bytes.buffer.byteLength === bytes.byteLength ? bytes : new Uint8Array(bytes);
}

async function through(
  body: Bytes,
  stream: { readonly readable: ReadableStream<Bytes>; readonly writable: WritableStream<BufferSource> },
): Promise<Bytes> {
  const writer = stream.writable.getWriter();
  // Together: where one of them rejects, all do, and each must have somebody who hears it.
  const [result] = await Promise.all([new Response(stream.readable).arrayBuffer(), writer.write(body), writer.close()]);
  return new Uint8Array(result);
}
