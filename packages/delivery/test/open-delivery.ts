import { type Drop, DROP_REASONS } from '@spillway/core';
import { Delivery, type DeliveryOptions, type Destination, type DestinationOptions } from '@spillway/delivery';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { expect, onTestFinished } from 'vitest';
import { encodeLines, line, lineBackend, LineServer } from './test-backend.ts';
import { writeAheadOutbox } from './test-outbox.ts';

export interface OpenOptions {
  /** @defaultValue a Delivery of its own, made with `deliveryOptions` */
  readonly delivery?: Delivery;
  readonly deliveryOptions?: DeliveryOptions;
  readonly destinationOptions?: Partial<DestinationOptions>;
  /** @defaultValue Infinity: what is exported in one turn is one payload */
  readonly recordsPerPayload?: number;
  /** Whether something may be held at the end, in an outbox that outlives the process. @defaultValue false */
  readonly isLeftHeld?: boolean;
}

export interface Opened {
  readonly delivery: Delivery;
  readonly destination: Destination;
  readonly drops: Drop[];
  /** Exports records, or lines as INFO; resolves to the result's code. */
  export(...records: (ReadableLogRecord | string)[]): Promise<number>;
}

/** Fails at once when it is tried again: for tests in which time plays no part. */
export const noBackoff = { delayMillis: (): number => 0 };

/**
 * Opens a way to a server, to an address or to nowhere. The account must be right at each request, each drop, each
 * answer and at the end of the test.
 */
export function openDelivery(to: LineServer | string | undefined, options: OpenOptions = {}): Opened {
  const { recordsPerPayload = Infinity, deliveryOptions = {} } = options;
  const { delivery = new Delivery({ outbox: writeAheadOutbox(), ...deliveryOptions }) } = options;
  const drops: Drop[] = [];
  const wrongAccounts: unknown[] = [];
  const checkAccount = (): void => {
    try {
      expectRightAccount(destination, drops);
    } catch (error) {
      // Thrown into a callback it would be caught: no callback may disturb the sending.
      wrongAccounts.push(error);
    }
  };
  if (to instanceof LineServer) to.events.on('request', checkAccount);
  const destination: Destination = delivery.attach({
    backend: lineBackend,
    url: to instanceof LineServer ? to.url : to,
    encode: (records) => ({ payloads: chunks(records, recordsPerPayload).map(encodeLines), drops: [] }),
    namespace: 'test',
    componentType: 'TestExporter',
    ...options.destinationOptions,
    onDrop: (drop) => {
      drops.push(drop);
      checkAccount();
      return options.destinationOptions?.onDrop?.(drop);
    },
  });
  onTestFinished(async () => {
    await destination.shutdown({ timeoutMillis: 0 });
    checkAccount();
    expect(wrongAccounts).toEqual([]);
    if (options.isLeftHeld !== true) expect(destination.stats().held).toBe(0);
  });
  return {
    delivery,
    destination,
    drops,
    export: (...records) =>
      new Promise((resolve) => {
        const list = records.map((record) => (typeof record === 'string' ? line(record) : record));
        destination.export(list, (result) => {
          checkAccount();
          resolve(result.code);
        });
      }),
  };
}

function expectRightAccount(destination: Destination, drops: readonly Drop[]): void {
  const { received, created, recovered, passed, dropped, droppedTotal, held } = destination.stats();
  expect(received + created + recovered).toBe(passed + droppedTotal + held);
  expect(held).toBeGreaterThanOrEqual(0);
  for (const reason of DROP_REASONS) {
    const told = drops.filter((drop) => drop.reason === reason).reduce((sum, drop) => sum + drop.count, 0);
    expect(told).toBe(dropped[reason] ?? 0);
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  if (items.length <= size) return [[...items]];
  return [items.slice(0, size), ...chunks(items.slice(size), size)];
}
