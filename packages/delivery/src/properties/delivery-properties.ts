import {
  choice,
  group,
  integer,
  milliseconds,
  number,
  property,
  type Properties,
  type Property,
  timeLimit,
} from '@spillway/core/component-provider';
import { exponentialBackoff } from '@spillway/retry';

import { type DeliveryOptions, resolveDeliveryOptions } from '../delivery-options.ts';
import { workerDelivery } from '../worker-delivery.ts';
import { outboxProperty } from './outbox-property.ts';

const BACKOFF: Properties = {
  initial_delay: milliseconds('The first wait at most, in milliseconds.', {
    min: 1,
    default: 1000,
    option: 'initialDelayMillis',
  }),
  factor: number('What each wait is multiplied by to get the next one; 1 gives equal waits.', { min: 1, default: 2 }),
  max_delay: milliseconds('The longest wait, in milliseconds; it wins over `initial_delay`.', {
    min: 1,
    default: 30_000,
    option: 'maxDelayMillis',
  }),
  additive_jitter: milliseconds(
    'Random part that is added to each wait, in milliseconds. Where it is left out, a wait is a random part of its step.',
    { option: 'additiveJitterMillis' },
  ),
};

const worker: Property = property(
  { type: 'boolean' },
  'Whether a thread of its own compresses, holds and sends. An outbox in a file brings one along, unless it is `inline`.',
  { default: false },
  (isWanted) => (isWanted === true ? workerDelivery() : undefined),
);

/** How payloads are held and sent again: properties of every exporter that delivers. */
export const holdingProperties: Properties = {
  timeout: timeLimit(
    'Total time for one request and its answer, in milliseconds. Raise it for slow links and large requests.',
    { default: 10_000, option: 'attemptTimeoutMillis' },
  ),
  outbox: outboxProperty,
  worker,
  max_bytes_per_second: integer(
    'Bytes of bodies to send at most in a second, as they go over the wire. No limit where it is left out.',
    { min: 1024 },
  ),
  backoff: group('Waits between the attempts for one payload, with jitter.', BACKOFF, {
    make: (options) => exponentialBackoff(options),
  }),
  max_attempts: integer(
    'Attempts for one payload, the first included, before it is dropped as `retry_exhausted`. No limit where it is left out: the outbox bounds what can wait.',
    { min: 1 },
  ),
  max_age: number(
    'Time that a payload may wait, in milliseconds, before it is dropped as `expired`. 6 days where it is left out, or what the outbox says.',
    { min: 1, option: 'maxAgeMillis' },
  ),
};

/** The same, and how requests are made that need no order and no encoding of their own. */
export const deliveryProperties: Properties = {
  ...holdingProperties,
  compression: choice('How bodies are compressed.', ['gzip', 'none'], { default: 'gzip' }),
  max_concurrent_requests: integer(
    'Requests at once. From 2 on, one of them is kept for payloads of ERROR and above.',
    {
      min: 1,
      default: 5,
    },
  ),
};

/** Throws what a `Delivery` of these options would, and starts nothing. */
export function checkDeliveryOptions(options: DeliveryOptions): void {
  resolveDeliveryOptions(options);
}
