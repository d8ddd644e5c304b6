import { diag, DiagLogLevel } from '@opentelemetry/api';
import { afterAll, expect, it, vi } from 'vitest';

import type { StoredState } from '../src/store/incident-store.ts';
import { exportAll, ROUTING_KEY, useHarness } from './exporter-harness.ts';

const FALLBACK_KEY = 'f'.repeat(32);

const harness = useHarness();
afterAll(() => vi.useRealTimers());

it.each([400, 401, 429, 503])(
  'no routing key is in what is logged, saved or told while PagerDuty answers %i',
  async (status) => {
    const told: unknown[] = [];
    const note = (...parts: unknown[]): void => void told.push(parts);
    diag.setLogger({ error: note, warn: note, info: note, debug: note, verbose: note }, DiagLogLevel.ALL);
    const store = { load: () => undefined, save: (state: StoredState) => void told.push(structuredClone(state)) };
    harness.current.status = status;
    const exporter = harness.current.make({
      store,
      routingKey: () => ROUTING_KEY,
      fallbackRoutingKey: FALLBACK_KEY,
      onPageDrop: (drop) => told.push(drop),
    });
    exportAll(exporter, { body: 'x' });
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    told.push(exporter.stats());
    diag.disable();
    expect(harness.current.posted.length).toBeGreaterThan(0);
    const text = JSON.stringify(told, (_key, value: unknown) =>
      value instanceof Error ? { message: value.message, stack: value.stack, cause: value.cause } : value,
    );
    expect(text).not.toContain(ROUTING_KEY);
    expect(text).not.toContain(FALLBACK_KEY);
  },
);
