import { optionMessage } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { type DeliveryOptions, resolveDeliveryOptions } from './delivery-options.ts';
import { Destination } from './destination.ts';
import type { DestinationOptions } from './destination-options.ts';
import type { Carrier } from './carrier.ts';
import { LocalCarrier } from './local-carrier.ts';
import type { Outbox } from './outbox.ts';

/** Who uses an outbox: two would give their payloads the same names in it, and each lose what the other puts there. */
const users = new WeakMap<Outbox, Carrier>();

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
  readonly #carrier: Carrier;
  readonly #options: ReturnType<typeof resolveDeliveryOptions>;
  readonly #backends = new Map<string, number>();
  #attached = 0;

  /** @throws TypeError or RangeError naming the option that is wrong. */
  constructor(options: DeliveryOptions = {}) {
    this.#options = resolveDeliveryOptions(options);
    const { worker } = this.#options;
    this.#carrier = worker === undefined ? new LocalCarrier(this.#options) : worker.carry(this.#options);
  }

  /**
   * Opens a way to one backend; called by exporters.
   * @throws TypeError or RangeError naming the option that is wrong, also where another Delivery uses the outbox, and Error
   * after the last exporter was shut down.
   */
  attach<Item = ReadableLogRecord>(options: DestinationOptions<Item>): Destination<Item> {
    const carrier = this.#carrier;
    if (carrier.isClosed) throw new Error('This Delivery was shut down with its last exporter: create another one.');
    const { outbox } = this.#options;
    if ((users.get(outbox) ?? carrier) !== carrier) {
      throw new TypeError(optionMessage('outbox', 'used by no other Delivery', outbox));
    }
    const destination = new Destination(options, {
      carrier,
      destinationId: this.#nameOf(options.backend.id),
      delivery: this.#options,
      onEnd: async (deadline) => {
        this.#attached -= 1;
        if (this.#attached === 0) await carrier.close(deadline).finally(() => users.delete(outbox));
      },
    });
    users.set(outbox, carrier);
    this.#attached += 1;
    return destination;
  }

  /** What is held and under way now, over all exporters. */
  stats(): { readonly outboxBytes: number; readonly requestsInFlight: number } {
    return { outboxBytes: this.#carrier.outboxBytes, requestsInFlight: this.#carrier.requestsInFlight };
  }

  /** An application attaches its exporters in the same order each time it starts. */
  #nameOf(backendId: string): string {
    const count = (this.#backends.get(backendId) ?? 0) + 1;
    this.#backends.set(backendId, count);
    return count === 1 ? backendId : `${backendId}#${count}`;
  }
}
