import { describe, expect, it } from 'vitest';

import { negotiate, OPEN_METRICS_FORMAT, TEXT_FORMAT } from '../../src/exposition/negotiate.ts';

/** As Prometheus 2.42 sends it. */
const PROMETHEUS_2 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';

describe('negotiation', () => {
  it.each([
    PROMETHEUS_2,
    PROMETHEUS_3,
    'application/openmetrics-text',
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
    'Application/OpenMetrics-Text; Version="1.0.0"; Q=0.1',
    'text/plain;q=0.5, application/openmetrics-text;q=0.5',
    'text/*;q=0.9, text/plain;q=0.1, application/openmetrics-text;q=0.2',
    '*/*;q=0.1, application/openmetrics-text;q=0.2',
    'text/plain;version=1.0.0, application/openmetrics-text;q=0.001',
  ])('gives OpenMetrics to %s', (accept) => {
    expect(negotiate(accept)).toBe(OPEN_METRICS_FORMAT);
  });

  it.each([
    undefined,
    '',
    '*/*',
    'text/plain',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'application/json',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
    'application/openmetrics-text;version=0.0.1',
    'application/openmetrics-text;q=0',
    'application/openmetrics-text;q=2',
    'application/openmetrics-text;q=x, text/plain;q=0.1',
    'application/openmetrics-text;q=0.5, */*',
    'application/openmetrics-text;q=0.5, text/*;q=0.6, */*;q=0.1',
    'application/openmetrics-text;q=0.5, text/plain;q=0.6',
    ';;;,=,;q',
  ])('gives the text format to %s', (accept) => {
    expect(negotiate(accept)).toBe(TEXT_FORMAT);
  });

  it('names the formats as Prometheus knows them', () => {
    expect(TEXT_FORMAT.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(OPEN_METRICS_FORMAT.contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(TEXT_FORMAT.write([])).toBe('');
    expect(OPEN_METRICS_FORMAT.write([])).toBe('# EOF\n');
  });
});
