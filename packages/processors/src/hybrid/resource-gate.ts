import { startTimer } from '@spillway/retry';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

type Resource = ReadableLogRecord['resource'];

/**
 * Holds records back while attributes of their resource are being detected, such as the cloud region; each resource is
 * waited for once, and no longer than a limit: a detector that hangs costs its attributes, not the records.
 */
export class ResourceGate {
  readonly #limitMillis: number;
  readonly #onReady: () => void;
  /** Nearly always there is one resource, which is then known by one comparison. */
  #lastReady: Resource | undefined;
  readonly #ready = new WeakSet<Resource>();
  readonly #waiting = new WeakSet<Resource>();
  readonly #cancelTimers = new Set<() => void>();

  /** @param onReady called when a resource that was not ready has become it */
  constructor(limitMillis: number, onReady: () => void) {
    this.#limitMillis = limitMillis;
    this.#onReady = onReady;
  }

  /** Whether records of this resource can be exported; where not, waits for it. */
  isReady(resource: Resource): boolean {
    if (resource === this.#lastReady) return true;
    if (!this.#ready.has(resource) && isPending(resource)) {
      if (!this.#waiting.has(resource)) this.#waitFor(resource);
      return false;
    }
    this.#lastReady = resource;
    return true;
  }

  /** Stops waiting; `onReady` is not called any more. */
  close(): void {
    for (const cancelTimer of this.#cancelTimers) cancelTimer();
    this.#cancelTimers.clear();
  }

  #waitFor(resource: Resource): void {
    this.#waiting.add(resource);
    const onDone = (): void => {
      // Absent where the limit has passed before, or the gate is closed.
      if (!this.#cancelTimers.delete(cancelTimer)) return;
      cancelTimer();
      this.#ready.add(resource);
      this.#onReady();
    };
    const cancelTimer = startTimer(onDone, this.#limitMillis);
    this.#cancelTimers.add(cancelTimer);
    attributesSettled(resource).then(onDone, onDone);
  }
}

/** A resource may be anybody's object: whatever goes wrong in it, its records are not held back for it. */
function isPending(resource: Resource): boolean {
  try {
    return resource.asyncAttributesPending === true;
  } catch {
    return false;
  }
}

async function attributesSettled(resource: Resource): Promise<void> {
  await resource.waitForAsyncAttributes?.();
}
