import { Delivery } from '@spillway/delivery';
import { afterEach, beforeEach, expect, vi } from 'vitest';

import { type RemoteWriteOptions, resolveRemoteWriteOptions } from '../../src/remote-write/remote-write-options.ts';
import { RemoteWriter } from '../../src/remote-write/remote-writer.ts';
import type { FamilySnapshot } from '../../src/store/family-snapshot.ts';
import { ReceiverStandIn } from './receiver-stand-in.ts';
import { STALE_BITS } from './strict-receiver.ts';

const STEP_MILLIS = 500;

/** A writer, and the delivery that it has for itself. */
export interface Started {
  readonly writer: RemoteWriter;
  readonly delivery: Delivery;
}

/** Writers of one counter with one label, and the receiver that they write to. Time stands still but in {@link pass}. */
export class WriterHarness {
  server: ReceiverStandIn = new ReceiverStandIn();
  /** The counter, by the value of its label. */
  counts: Record<string, number> = {};
  readonly #writers: RemoteWriter[] = [];

  readonly families = (): readonly FamilySnapshot[] => {
    const series = Object.entries(this.counts).map(([code, value]) => ({ labels: [['code', code] as const], value }));
    return [{ name: 'errors', type: 'counter', help: 'Errors.', series }];
  };

  start(options: Partial<RemoteWriteOptions> = {}, source: () => readonly FamilySnapshot[] = this.families): Started {
    const delivery = new Delivery({ random: () => 0.5, ...options, maxConcurrentRequests: 1 });
    const all = { url: this.server.url, labels: { job: 'shop', instance: 'a' }, delivery, ...options };
    const writer = new RemoteWriter(resolveRemoteWriteOptions('remoteWrite', all, new Set(['code'])), source);
    this.#writers.push(writer);
    return { writer, delivery };
  }

  /** Values that are stored of the counter, in their order. */
  stored(code: string): (number | 'stale')[] {
    const { samples } = this.server.receiver.of({ __name__: 'errors_total', job: 'shop', instance: 'a', code });
    return samples.map(({ value, bits }) => (bits === STALE_BITS ? 'stale' : value));
  }

  async setUp(): Promise<void> {
    this.counts = { a: 0 };
    this.server = new ReceiverStandIn();
    await this.server.start();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  }

  async tearDown(): Promise<void> {
    for (const writer of this.#writers.splice(0)) {
      expectClosed(writer);
      await writer.shutdown({ timeoutMillis: 0 });
      expect(writer.stats().held).toBe(0);
      expectClosed(writer);
    }
    vi.useRealTimers();
    await this.server.close();
    expect(this.server.complaints).toEqual([]);
  }
}

/** A harness that is set up anew for each test of the file. */
export function useHarness(): WriterHarness {
  const harness = new WriterHarness();
  beforeEach(() => harness.setUp());
  afterEach(() => harness.tearDown());
  return harness;
}

/** Lets time go on, half a second at a time, and requests come to their ends. */
export async function pass({ delivery }: Started, millis: number): Promise<void> {
  for (let passed = 0; passed < millis; passed += STEP_MILLIS) {
    await vi.advanceTimersByTimeAsync(STEP_MILLIS);
    // What follows an answer at once begins in the turn after it.
    for (let idleTurns = 0; idleTurns < 3; idleTurns += 1) {
      await nextTurn();
      if (delivery.stats().requestsInFlight > 0) idleTurns = 0;
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function expectClosed(writer: RemoteWriter): void {
  const { received, passed, droppedTotal, held } = writer.stats();
  expect(received).toBe(passed + droppedTotal + held);
}
