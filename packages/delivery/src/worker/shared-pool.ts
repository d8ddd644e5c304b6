type Bytes = Uint8Array<ArrayBuffer>;

/** What is smaller costs nothing to allocate. */
const MIN_BLOCK_BYTES = 16 * 1024;
/** What is larger is rare. */
const MAX_BLOCK_BYTES = 2 * 1024 * 1024;
/** Free blocks that are kept: what a busy second uses. */
const MAX_FREE_BYTES = 4 * 1024 * 1024;

/**
 * Copies bytes into memory that two threads share, and uses that memory again. New memory comes from the operating system
 * page by page and filled with zeros, which takes five times as long as the copy (measured: bench/README.md).
 */
export class SharedPool {
  /** By size: a power of two. */
  readonly #free = new Map<number, SharedArrayBuffer[]>();
  #freeBytes = 0;

  copy(bytes: Bytes): Bytes {
    const shared = new Uint8Array(this.#take(bytes.byteLength), 0, bytes.byteLength);
    shared.set(bytes);
    return shared as unknown as Bytes;
  }

  /** Takes memory back that {@link copy} has given out. Nobody may use it any more, on either thread. */
  release({ buffer }: Bytes): void {
    const block = buffer as unknown as SharedArrayBuffer;
    const { byteLength } = block;
    if (!isBlockSize(byteLength) || this.#freeBytes + byteLength > MAX_FREE_BYTES) return;
    this.#freeBytes += byteLength;
    const free = this.#free.get(byteLength);
    if (free === undefined) this.#free.set(byteLength, [block]);
    else free.push(block);
  }

  #take(bytes: number): SharedArrayBuffer {
    if (bytes < MIN_BLOCK_BYTES || bytes > MAX_BLOCK_BYTES) return new SharedArrayBuffer(bytes);
    const size = 2 ** Math.ceil(Math.log2(bytes));
    const block = this.#free.get(size)?.pop();
    if (block === undefined) return new SharedArrayBuffer(size);
    this.#freeBytes -= size;
    return block;
  }
}

function isBlockSize(bytes: number): boolean {
  return bytes >= MIN_BLOCK_BYTES && bytes <= MAX_BLOCK_BYTES && Number.isInteger(Math.log2(bytes));
}
