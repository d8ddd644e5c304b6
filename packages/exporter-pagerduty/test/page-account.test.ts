import * as fc from 'fast-check';
import { afterAll, expect, it, vi } from 'vitest';

import type { AlertRule } from '../src/rules/pagerduty-rule.ts';
import type { PagerDutyExporterStats } from '../src/pagerduty-log-record-exporter.ts';
import { exportAll, useHarness } from './exporter-harness.ts';

const MINUTE = 60_000;
const RULE: AlertRule = {
  name: 'errors',
  when: { minSeverity: 17 },
  resolveWhen: { eventName: 'recovered' },
  resolveAfterMillis: 10 * MINUTE,
  minOpenMillis: MINUTE,
};
const CHANGE = { name: 'deploy', type: 'change', when: { eventName: 'deployed' } } as const;

const step = fc.oneof(
  fc.record({ kind: fc.constant('record' as const), key: fc.constantFrom('a', 'b', 'c', 'd') }),
  fc.record({ kind: fc.constant('recovered' as const), key: fc.constantFrom('a', 'b') }),
  fc.record({ kind: fc.constant('change' as const), key: fc.constantFrom('a', 'b') }),
  fc.record({
    kind: fc.constant('time' as const),
    millis: fc.constantFrom(0, 1000, MINUTE, 10 * MINUTE, 300 * MINUTE),
  }),
  fc.record({ kind: fc.constant('status' as const), status: fc.constantFrom(202, 400, 401, 429, 503) }),
);

const harness = useHarness();
afterAll(() => vi.useRealTimers());

function expectClosed({ pages, changes, held }: PagerDutyExporterStats): void {
  expect(held).toBe(0);
  expect(pages.held).toBeGreaterThanOrEqual(0);
  expect(changes.held).toBeGreaterThanOrEqual(0);
}

it.each([[undefined], ['f'.repeat(32)]])(
  'each page is delivered, dropped or held, whatever PagerDuty answers (second routing key: %s)',
  async (fallbackRoutingKey) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        harness.current.status = 202;
        const options = { rules: [RULE, CHANGE], ...(fallbackRoutingKey !== undefined && { fallbackRoutingKey }) };
        const exporter = harness.current.make({ ...options, maxNewIncidents: 3 });
        for (const one of steps) {
          if (one.kind === 'record') exportAll(exporter, { body: one.key });
          else if (one.kind === 'recovered') exportAll(exporter, { severityNumber: 9, eventName: 'recovered' });
          else if (one.kind === 'change')
            exportAll(exporter, { severityNumber: 9, eventName: 'deployed', body: one.key });
          else if (one.kind === 'status') harness.current.status = one.status;
          else await vi.advanceTimersByTimeAsync(one.millis);
          expectClosed(exporter.stats());
        }
        harness.current.status = 202;
        await vi.advanceTimersByTimeAsync(10 * MINUTE);
        expect([exporter.stats().pages.held, exporter.stats().changes.held]).toEqual([0, 0]);
        const end = exporter.shutdown({ timeoutMillis: 100 });
        await vi.advanceTimersByTimeAsync(100);
        await end;
        expectClosed(exporter.stats());
      }),
      { numRuns: 60 },
    );
  },
);
