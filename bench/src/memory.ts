const collect = globalThis.gc;

/** Bytes of the heap, and of buffers outside of it, that something refers to. Needs `--expose-gc`. */
export function memoryBytes(): number {
  if (collect === undefined) throw new Error('Run this with --expose-gc.');
  // What the first collection sets free may have kept something else.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
