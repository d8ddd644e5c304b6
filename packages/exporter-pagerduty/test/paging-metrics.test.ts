import type { Attributes, Meter, MeterProvider } from '@opentelemetry/api';
import { afterAll, expect, it, vi } from 'vitest';

import { exportAll, useHarness } from './exporter-harness.ts';

const harness = useHarness();
afterAll(() => vi.useRealTimers());

type Callback = (result: { observe: (value: number, attributes: Attributes) => void }) => void;

/** A meter that is read when a test asks for it. */
class ReadableMeter {
  readonly #callbacks: (readonly [name: string, callback: Callback])[] = [];

  readonly provider: MeterProvider = {
    getMeter: (): Meter => {
      const make = (name: string) => ({
        addCallback: (callback: Callback) => void this.#callbacks.push([name, callback]),
      });
      return { createObservableCounter: make, createObservableUpDownCounter: make } as unknown as Meter;
    },
  };

  /** All values of paging but those that are 0. */
  read(): string[] {
    const values: string[] = [];
    for (const [name, callback] of this.#callbacks) {
      const observe = (value: number, { kind = '', reason = '', ...component }: Attributes): void => {
        expect(component['otel.component.type']).toBe('PagerDutyLogRecordExporter');
        if (value > 0) values.push([name.replace('spillway.exporter.pagerduty.', ''), kind, reason, value].join(' '));
      };
      if (name.startsWith('spillway.exporter.pagerduty.')) callback({ observe });
    }
    return values.map((text) => text.replaceAll(/ +/g, ' '));
  }
}

it('how paging goes can be read by the meter provider that it is given', async () => {
  const meter = new ReadableMeter();
  const rules = [
    { name: 'errors', when: { minSeverity: 17 }, resolveAfterMillis: 600_000 },
    { name: 'deployment', type: 'change', when: { eventName: 'deployed' } },
  ] as const;
  const exporter = harness.current.make({ rules, selfObsMeterProvider: meter.provider });
  exportAll(exporter, { body: 'x' }, { body: 'x' }, { severityNumber: 9, eventName: 'deployed' });
  await vi.advanceTimersByTimeAsync(0);
  expect(meter.read()).toEqual(['record.matched 3', 'event.sent page 1', 'event.sent change 1', 'incident.open 1']);
  await vi.advanceTimersByTimeAsync(3_600_000);
  harness.current.status = 503;
  exportAll(exporter, { body: 'y' });
  await vi.advanceTimersByTimeAsync(0);
  expect(meter.read()).toEqual([
    'record.matched 4',
    'event.sent page 1',
    'event.sent update 1',
    'event.sent resolve 1',
    'event.sent change 1',
    'request.failed 1',
    'page.held 1',
    'incident.open 1',
  ]);
  const end = exporter.shutdown({ timeoutMillis: 1000 });
  await vi.advanceTimersByTimeAsync(1000);
  await end;
  expect(meter.read()).toContain('event.dropped page shutdown 1');
});
