type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Memory that two threads have, under the type of memory that one has: it goes through everything that only reads it. What
 * cannot take shared memory, such as `fetch`, is given a copy. A copy also of shared memory: the bytes of a stage are used
 * again when it is stored.
 */
export function copyToShared(bytes: Bytes): Bytes {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  shared.set(bytes);
  return shared as unknown as Bytes;
}

/** Memory of this thread only. */
export function toOwn(bytes: Bytes): Bytes {
  return isShared(bytes) ? new Uint8Array(bytes) : bytes;
}

function isShared({ buffer }: { readonly buffer: ArrayBufferLike }): boolean {
  return buffer instanceof SharedArrayBuffer;
}
