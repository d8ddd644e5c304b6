import { Delivery } from '@spillway/delivery';
import { describe, expect, it } from 'vitest';

import { type RemoteWriteOptions, resolveRemoteWriteOptions } from '../../src/remote-write/remote-write-options.ts';

const URL_BASE = 'http://127.0.0.1:9090';
const NO_LABELS: ReadonlySet<string> = new Set();

function resolve(options: unknown, metricLabels = NO_LABELS): ReturnType<typeof resolveRemoteWriteOptions> {
  const all = typeof options === 'object' && options !== null ? { url: URL_BASE, ...options } : options;
  return resolveRemoteWriteOptions('remoteWrite', all as RemoteWriteOptions, metricLabels);
}

describe('resolveRemoteWriteOptions', () => {
  it('fills in what is not given', () => {
    expect(resolve({})).toMatchObject({
      url: `${URL_BASE}/api/v1/write`,
      labels: [['instance', expect.stringMatching(new RegExp(`^.+:${process.pid}$`))]],
      limits: { maxSamples: 2000, maxBytes: 1024 * 1024 },
      intervalMillis: 15_000,
      endSeriesOnShutdown: false,
      headers: {},
      delivery: expect.any(Delivery),
      onDrop: undefined,
    });
  });

  it('takes what is given', () => {
    const labels = { job: 'shop', instance: 'a:1' };
    const delivery = new Delivery();
    const options = { labels, maxSamplesPerRequest: 500, maxRequestBytes: 65_536, intervalMillis: 1000, delivery };
    expect(resolve({ ...options, endSeriesOnShutdown: true })).toMatchObject({
      labels: [
        ['instance', 'a:1'],
        ['job', 'shop'],
      ],
      limits: { maxSamples: 500, maxBytes: 65_536 },
      intervalMillis: 1000,
      endSeriesOnShutdown: true,
      delivery,
    });
  });

  it.each([
    ['http://prometheus:9090', 'http://prometheus:9090/api/v1/write'],
    ['http://prometheus:9090/', 'http://prometheus:9090/api/v1/write'],
    ['http://mimir/api/v1/push', 'http://mimir/api/v1/push'],
    ['https://example.com/write?tenant=a#part', 'https://example.com/write?tenant=a'],
  ])('writes for %s to %s', (url, expected) => {
    expect(resolve({ url }).url).toBe(expected);
  });

  it('leaves the instance out where it is said to be nothing, and adds it to other labels', () => {
    expect(resolve({ labels: { job: 'shop', instance: '' } }).labels).toEqual([['job', 'shop']]);
    expect(resolve({ labels: { job: 'shop' } }).labels.map(([name]) => name)).toEqual(['instance', 'job']);
  });

  it('makes of a label what Prometheus can take', () => {
    expect(resolve({ labels: { instance: 'a\ud800b' } }).labels).toEqual([['instance', 'a?b']]);
  });

  it.each<[options: unknown, error: RegExp]>([
    [undefined, /^Expected `remoteWrite` to be an object, got `\[redacted\]` \(undefined\)\.$/],
    ['http://me:hidden@x', /^(?!.*hidden)Expected `remoteWrite` to be an object/],
    [{ url: undefined }, /^Expected `remoteWrite\.url` to be a URL as a string/],
    [{ url: 'localhost:9090' }, /^Expected `remoteWrite\.url` to be an http or https URL\.$/],
    [{ url: 'http://me:hidden@x' }, /^(?!.*hidden)Expected `remoteWrite\.url` .*`basicAuth`/],
    [{ lables: {} }, /^Expected `remoteWrite\.lables` to be left out: it is none of `url`, `labels`/],
    [{ compression: 'gzip' }, /^Expected `remoteWrite\.compression` to be left out/],
    [{ maxConcurrentRequests: 2 }, /^Expected `remoteWrite\.maxConcurrentRequests` to be left out/],
    [{ labels: 'job' }, /^Expected `remoteWrite\.labels` to be an object of names and values/],
    [{ labels: { job: 5 } }, /^Expected `remoteWrite\.labels\.job` to be a string, got `5` \(number\)\.$/],
    [{ labels: { job: '' } }, /^Expected `remoteWrite\.labels\.job` to be a string that is not empty/],
    [{ labels: { 'a.b': 'x' } }, /^Expected `remoteWrite\.labels` .* got `a\.b`/],
    [{ labels: { '': 'x' } }, /^Expected `remoteWrite\.labels` /],
    [{ labels: { '1a': 'x' } }, /^Expected `remoteWrite\.labels` /],
    [{ labels: { le: 'x' } }, /^Expected `remoteWrite\.labels` .* got `le`/],
    [{ labels: { quantile: 'x' } }, /^Expected `remoteWrite\.labels` /],
    [{ labels: { __name__: 'x' } }, /^Expected `remoteWrite\.labels` .* got `__name__`/],
    [{ maxSamplesPerRequest: 0 }, /^Expected `remoteWrite\.maxSamplesPerRequest` to be an integer from 1 to 100000/],
    [{ maxSamplesPerRequest: 1.5 }, /^Expected `remoteWrite\.maxSamplesPerRequest`/],
    [{ maxRequestBytes: '1' }, /^Expected `remoteWrite\.maxRequestBytes` to be an integer from 16384 to 16777216/],
    [{ intervalMillis: 0 }, /^Expected `remoteWrite\.intervalMillis`/],
    [{ endSeriesOnShutdown: 1 }, /^Expected `remoteWrite\.endSeriesOnShutdown` to be a boolean/],
    [{ delivery: {} }, /^Expected `remoteWrite\.delivery`/],
    [{ onDrop: 'log' }, /^Expected `remoteWrite\.onDrop` to be a function/],
    [{ headers: { 'Content-Type': 'x' } }, /^Expected `remoteWrite\.headers` not to have `Content-Type`/],
    [{ headers: { 'X-Prometheus-Remote-Write-Version': '2' } }, /^Expected `remoteWrite\.headers` not to have/],
    [{ bearerToken: 'a', basicAuth: { username: 'b', password: 'c' } }, /^Expected either `remoteWrite\.basicAuth`/],
    [{ maxAgeMillis: -1 }, /^Expected `maxAgeMillis`/],
  ])('throws at %j', (options, error) => {
    expect(() => resolve(options)).toThrow(error);
  });

  it('throws where a metric has a label of the same name', () => {
    expect(() => resolve({ labels: { zone: 'a' } }, new Set(['route', 'zone']))).toThrow(
      'Expected `remoteWrite.labels` to be an object of label names that no metric has, got `zone` (string).',
    );
  });
});
