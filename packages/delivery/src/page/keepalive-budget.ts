/**
 * Browsers let requests outlive their page whose bodies are 65,536 bytes together, of all that run in it; one byte more,
 * and the next one fails. What is left of it is for others.
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch (read 2026-11-29)
 */
const MAX_BYTES = 60 * 1024;
/** As OpenTelemetry's exporters have it. Browsers that bound the number too are not known any more. */
const MAX_REQUESTS = 9;

/** How much may be under way in requests that outlive the page. */
class KeepaliveBudget {
  #bytes = 0;
  #requests = 0;

  /** Bytes that one more request may have. */
  get freeBytes(): number {
    return isBrowser() && this.#requests < MAX_REQUESTS ? MAX_BYTES - this.#bytes : 0;
  }

  /** Makes room for a request, where there is some; it is given back when the request has ended. */
  tryTake(bytes: number): boolean {
    if (bytes > this.freeBytes) return false;
    this.#bytes += bytes;
    this.#requests += 1;
    return true;
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes;
    this.#requests -= 1;
  }
}

/** One for all that sends from here, as the browser counts it. */
export const keepaliveBudget: KeepaliveBudget = new KeepaliveBudget();

/** Whether this is a page or a worker of one. */
export function isBrowser(): boolean {
  return typeof document === 'object' || 'WorkerGlobalScope' in globalThis;
}
