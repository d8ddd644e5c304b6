import type { Logger } from '@opentelemetry/api';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { Drop } from '@spillway/core';
import { describe, expect, it } from 'vitest';

import { PrometheusLogRecordExporter } from '../src/prometheus-log-record-exporter.ts';
import type { MetricRule } from '../src/rules/metric-rule.ts';
import { captureDiagnostics } from './pull/diagnostics.ts';
import { logRecord } from './store/log-record.ts';

/** An exporter each function of which logs, and the logger that it does it with. */
function logging(): { exporter: PrometheusLogRecordExporter; logger: Logger; drops: Drop[] } {
  const drops: Drop[] = [];
  const log = (body: string): void => logger.emit({ body });
  const rule = { type: 'counter', help: 'x' } as const;
  const metrics: MetricRule[] = [
    { ...rule, name: 'a', when: { predicate: () => log('predicate') === undefined } },
    { ...rule, name: 'b', value: () => (log('value'), 1) },
    { ...rule, name: 'c', labels: [{ from: 'scope', map: (text) => (log('map'), text) }] },
  ];
  const onDrop = (drop: Drop): void => {
    drops.push(drop);
    log('dropped');
  };
  const exporter = new PrometheusLogRecordExporter({ metrics, onDrop });
  const logger = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }).getLogger('x');
  return { exporter, logger, drops };
}

describe('a function that logs what it is asked', () => {
  it('is not asked about its own record, which is dropped as suppressed', () => {
    const messages = captureDiagnostics();
    const { exporter, logger, drops } = logging();
    logger.emit({ body: 'once' });
    const { received, passed, dropped, held, metrics } = exporter.stats();
    // A new series of `c` is looked for twice, and what onDrop logs is counted as well.
    expect({ received, passed, dropped, held }).toEqual({
      received: 9,
      passed: 2,
      dropped: { suppressed: 7 },
      held: 0,
    });
    expect(metrics.map(({ counted }) => counted)).toEqual([2, 2, 2]);
    expect(drops).toEqual([{ count: 4, reason: 'suppressed' }]);
    expect(messages.join()).toContain('4 records dropped since the start (suppressed 4)');
  });

  it('does not keep later records from being counted', () => {
    const { exporter, logger } = logging();
    for (let index = 0; index < 10; index += 1) logger.emit({ body: 'line' });
    exporter.export([logRecord(), null as never], () => {});
    expect(exporter.stats().held).toBe(0);
    expect(exporter.stats().metrics[0]?.counted).toBe(exporter.stats().passed);
  });
});
