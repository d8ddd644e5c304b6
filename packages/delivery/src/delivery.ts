import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { type DeliveryOptions, resolveDeliveryOptions } from './delivery-options.ts';
import { Destination, type DestinationOptions } from './destination.ts';
import { DrainLoop } from './drain-loop.ts';

/**
 * Delivers encoded payloads over HTTP, at least once: every payload enters the outbox first, one loop sends, retries and
 * paces, and what is sent again is the identical bytes.
 *
 * Exporters that are given the same Delivery share its outbox, its concurrency, and for an equal endpoint and tenant
 * also the circuit breaker and the pauses that a backend asks for. It ends when the last of them is shut down.
 *
 * - Order: oldest first. Payloads of ERROR and above overtake, unless the oldest has waited more than 50 minutes.
 * - Guarantee: at least once. A request whose answer was lost is sent again.
 */
export class Delivery {
  readonly #loop: DrainLoop;
  readonly #options: ReturnType<typeof resolveDeliveryOptions>;
  #attached = 0;

  /** @throws TypeError or RangeError naming the option that is wrong. */
  constructor(options: DeliveryOptions = {}) {
    this.#options = resolveDeliveryOptions(options);
    this.#loop = new DrainLoop(this.#options);
  }

  /**
   * Opens a way to one backend; called by exporters.
   * @throws TypeError or RangeError naming the option that is wrong, and Error after the last exporter was shut down.
   */
  attach<Item = ReadableLogRecord>(options: DestinationOptions<Item>): Destination<Item> {
    if (this.#loop.isClosed) throw new Error('This Delivery was shut down with its last exporter: create another one.');
    const destination = new Destination(options, this.#loop, this.#options, async () => {
      this.#attached -= 1;
      if (this.#attached === 0) await this.#loop.close();
    });
    this.#attached += 1;
    return destination;
  }

  /** What is held and under way now, over all exporters. */
  stats(): { readonly outboxBytes: number; readonly requestsInFlight: number } {
    return { outboxBytes: this.#loop.store.bytes, requestsInFlight: this.#loop.activeCount };
  }
}
