import { nodeGzip } from '#node-gzip';

/** What `Content-Encoding` can say of a body. */
export type ContentEncoding = 'gzip' | 'snappy';

/** Compresses and expands bodies. */
export interface Compressor {
  /** What `Content-Encoding` says of the result; undefined where bodies go as they are. */
  readonly contentEncoding: ContentEncoding | undefined;
  compress(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** The same without waiting, which blocks the thread; absent where that cannot be done. */
  compressNow?(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
  expand(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a body can be sent as. */
export type Compression = 'gzip' | 'none';

/**
 * Chooses how bodies are compressed here, off the caller's thread: Node's zlib on its thread pool, `CompressionStream` elsewhere,
 * nothing where neither exists.
 */
export function createCompressor(compression: Compression): Compressor {
  if (compression === 'none') return uncompressed;
  return nodeGzip() ?? (typeof CompressionStream === 'function' ? streamGzip : uncompressed);
}

const uncompressed: Compressor = {
  contentEncoding: undefined,
  compress: (body) => Promise.resolve(body),
  compressNow: (body) => body,
  expand: (body) => Promise.resolve(body),
};

const streamGzip: Compressor = {
  contentEncoding: 'gzip',
  compress: (body) => through(body, new CompressionStream('gzip')),
  expand: (body) => through(body, new DecompressionStream('gzip')),
};

type Bytes = Uint8Array<ArrayBuffer>;

async function through(
  body: Bytes,
  stream: { readonly readable: ReadableStream<Bytes>; readonly writable: WritableStream<BufferSource> },
): Promise<Bytes> {
  const writer = stream.writable.getWriter();
  // Together: where one of them rejects, all do, and each must have somebody who hears it.
  const [result] = await Promise.all([new Response(stream.readable).arrayBuffer(), writer.write(body), writer.close()]);
  return new Uint8Array(result);
}
