import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CountingApplication, type MetricRules } from './counting-application.ts';
import { PrometheusServer } from './prometheus-server.ts';

const RULES: MetricRules = [
  {
    name: 'hostile_total',
    type: 'counter',
    help: 'Records with\n"hostile" \\ values \u{1f525}\ud800.',
    labels: [
      { from: 'attributes.a.b', as: 'dotted', optional: true },
      { from: 'attributes.a_b', optional: true },
      { from: 'attributes.le', as: 'attribute_le', optional: true },
      { from: 'attributes.__name__', as: 'attribute_name', optional: true },
      { from: 'eventName', optional: true },
    ],
  },
  { name: 'hostile_level', type: 'gauge', help: 'Any number.', value: 'attributes.level' },
  { name: 'hostile_size', type: 'histogram', help: 'Any size.', value: 'attributes.level', buckets: [1] },
  { name: 'hostile_work_total', type: 'counter', help: 'Any work.', value: 'attributes.level' },
];

const VALUES: readonly (readonly [name: string, value: string | number | boolean, label: string])[] = [
  ['a newline', 'one\ntwo', 'one\ntwo'],
  ['a carriage return and a null', 'one\r\u0000two', 'one\r\u0000two'],
  ['quotes and backslashes', String.raw`"}\n\ {le="1"} 1 # EOF`, String.raw`"}\n\ {le="1"} 1 # EOF`],
  ['the end of a page', '\n# EOF\n', '\n# EOF\n'],
  ['an emoji', '\u{1f525}', '\u{1f525}'],
  ['a lone surrogate', 'a\ud800b', 'a?b'],
  ['the replacement character', 'a\u{fffd}b', 'a?b'],
  ['a megabyte', 'x'.repeat(1024 * 1024), 'x'.repeat(1024)],
  ['not a number', Number.NaN, 'NaN'],
  ['a large number', 2 ** 70, '1.1805916207174113e+21'],
  ['a boolean', false, 'false'],
];

let application: CountingApplication;
let prometheus: PrometheusServer;

beforeAll(async () => {
  application = await CountingApplication.launch(RULES);
  prometheus = await PrometheusServer.launch([{ job: 'application', url: application.url }]);
  const { logger } = application;
  for (const [eventName, value] of VALUES) logger.emit({ eventName, attributes: { 'a.b': value } });
  logger.emit({ eventName: 'both', attributes: { 'a.b': 'dot', a_b: 'underscore' } });
  logger.emit({ eventName: 'reserved', attributes: { le: '0.5', __name__: 'other_total' } });
  for (const level of [Number.NaN, Infinity, -Infinity, -1, 1e308, 1e308, 'NaN', '0x10', '']) {
    logger.emit({ eventName: 'level', attributes: { level } });
  }
  logger.emit({ eventName: 'level', attributes: { level: 0.5 } });
});

afterAll(async () => {
  await prometheus?.close();
  await application?.close();
});

describe('records that would break a page', () => {
  it('leave the target up, and the other metrics on its page readable', async () => {
    await expect(prometheus.scraped('application')).resolves.toMatchObject({ health: 'up', lastError: '' });
    expect(await prometheus.valuesBy('job', 'application_jobs')).toEqual({ application: 3 });
  });

  it('are counted under their own values', async () => {
    await prometheus.scraped('application');
    const found = await prometheus.query('hostile_total');
    const labels = new Map(found.map(({ metric }) => [metric['event_name'], metric]));
    const dotted = VALUES.map(([name]) => [name, labels.get(name)?.['dotted']]);
    expect(dotted).toEqual(VALUES.map(([name, , label]) => [name, label]));
    expect(labels.get('both')).toMatchObject({ dotted: 'dot', a_b: 'underscore' });
    expect(labels.get('reserved')).toMatchObject({ attribute_le: '0.5', attribute_name: 'other_total' });
    expect(await prometheus.valuesBy('job', 'sum by (job) (hostile_total)')).toEqual({
      application: VALUES.length + 12,
    });
  });

  it('leave numbers that are none out of the values', async () => {
    await prometheus.scraped('application');
    expect(await prometheus.valuesBy('job', 'hostile_level')).toEqual({ application: 0.5 });
    expect(await prometheus.valuesBy('le', 'hostile_size_bucket')).toEqual({ '1.0': 1, '+Inf': 2 });
    expect(await prometheus.valuesBy('job', 'hostile_work_total')).toEqual({ application: 1e308 });
  });
});
