import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

import type { Logger } from '@opentelemetry/api';

import { formatCount } from './format.ts';
import { type Order, OrdersService } from './orders-service.ts';
import { pace } from './pace.ts';
import { seededRandom } from './seeded-random.ts';
import type { Source } from './source.ts';
import { newTraceparent } from './trace-context.ts';

const ITEMS = ['tea', 'coffee', 'bread', 'jam', 'honey'] as const;
/** A client that finds the service busy does not pile up requests without end. */
const MAX_IN_FLIGHT = 200;

/** The orders service, and a client that keeps it busy. The same seed asks the same questions in the same order. */
export class OrderTraffic implements Source {
  readonly serviceName = 'orders';
  readonly description: string;
  readonly #rate: number;
  readonly #random = seededRandom(2026);
  readonly #agent = new Agent({ keepAlive: true });
  readonly #inFlight = new Set<Promise<unknown>>();
  #port = 0;
  #sent = 0;

  constructor(rate: number) {
    this.description = `an orders service at up to ${formatCount(rate)} requests/s`;
    this.#rate = rate;
  }

  async run(logger: Logger, signal: AbortSignal): Promise<void> {
    const service = new OrdersService(logger);
    this.#port = await service.start();
    await pace(this.#rate, signal, () => this.#sendNext());
    await Promise.all(this.#inFlight);
    this.#agent.destroy();
    await service.stop();
  }

  #sendNext(): boolean {
    if (this.#inFlight.size < MAX_IN_FLIGHT) {
      const exchange = this.#nextRequest().finally(() => this.#inFlight.delete(exchange));
      this.#inFlight.add(exchange);
    }
    return true;
  }

  #nextRequest(): Promise<string> {
    this.#sent += 1;
    const random = this.#random;
    if (random() < 0.3) return this.#send('GET', `/orders/${1 + Math.floor(random() * this.#sent)}`);
    const luck = random();
    const card = luck < 0.005 ? 'unreachable' : luck < 0.04 ? 'declined' : 'valid';
    const item = ITEMS[Math.floor(random() * ITEMS.length)] ?? ITEMS[0];
    return this.#send('POST', '/orders', { item, quantity: 1 + Math.floor(random() * 9), card });
  }

  #send(method: string, path: string, order?: Order): Promise<string> {
    const headers = { traceparent: newTraceparent(), 'Content-Type': 'application/json' };
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path, headers })
        .on('response', (response) => resolve(text(response)))
        .on('error', reject)
        .end(order && JSON.stringify(order));
    });
  }
}
