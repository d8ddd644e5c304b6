import { describe, expect, it } from 'vitest';

import { PrometheusLogRecordExporter } from '../../src/index.ts';

const counter = { name: 'errors', type: 'counter', help: 'Errors.' };

describe('a misspelt field', () => {
  it.each([
    [{ ...counter, lables: [] }, '`metrics[0].lables`'],
    [{ ...counter, when: { severity: 17 } }, '`metrics[0].when.severity`'],
    [{ ...counter, when: [{}, { event: 'x' }] }, '`metrics[0].when[1].event`'],
    [{ ...counter, labels: [{ from: 'severity', name: 'level' }] }, '`metrics[0].labels[0].name`'],
  ])('is refused, since it would leave a condition or a default in its place: %o', (metric, field) => {
    expect(() => new PrometheusLogRecordExporter({ metrics: [metric as never] })).toThrow(field);
  });
});

describe('an export of no list', () => {
  it('counts nothing, and is answered', () => {
    const exporter = new PrometheusLogRecordExporter();
    const codes: unknown[] = [];
    for (const records of [null, undefined, 'records']) {
      exporter.export(records as never, ({ code }) => codes.push(code));
    }
    expect(codes).toEqual([0, 0, 0]);
    expect(exporter.stats()).toMatchObject({ received: 0, passed: 0, held: 0 });
  });
});
