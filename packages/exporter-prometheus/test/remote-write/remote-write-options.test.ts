import { describe, expect, it } from 'vitest';

import { resolveRemoteWriteOptions } from '../../src/remote-write/remote-write-options.ts';

const NO_LABELS: ReadonlySet<string> = new Set();

function resolve(options: unknown, metricLabels = NO_LABELS): ReturnType<typeof resolveRemoteWriteOptions> {
  return resolveRemoteWriteOptions(options as Parameters<typeof resolveRemoteWriteOptions>[0], metricLabels);
}

describe('resolveRemoteWriteOptions', () => {
  it('fills in what is not given', () => {
    expect(resolve({})).toEqual({ labels: [], limits: { maxSamples: 2000, maxBytes: 1024 * 1024 } });
  });

  it('takes what is given', () => {
    const options = { labels: { job: 'shop', instance: 'a:1' }, maxSamplesPerRequest: 500, maxRequestBytes: 65_536 };
    expect(resolve(options)).toEqual({
      labels: [
        ['job', 'shop'],
        ['instance', 'a:1'],
      ],
      limits: { maxSamples: 500, maxBytes: 65_536 },
    });
  });

  it.each<[options: unknown, error: RegExp]>([
    [undefined, /^Expected `options` to be an object, got `undefined` \(undefined\)\.$/],
    [{ labels: 'job' }, /^Expected `labels` to be an object of names and values/],
    [{ labels: null }, /^Expected `labels` to be an object of names and values/],
    [{ labels: { job: 5 } }, /^Expected `labels\.job` to be a string, got `5` \(number\)\.$/],
    [{ labels: { job: '' } }, /^Expected `labels\.job` to be a string that is not empty/],
    [{ labels: { 'a.b': 'x' } }, /^Expected `labels` .* got `a\.b`/],
    [{ labels: { '': 'x' } }, /^Expected `labels` /],
    [{ labels: { '1a': 'x' } }, /^Expected `labels` /],
    [{ labels: { le: 'x' } }, /^Expected `labels` .* got `le`/],
    [{ labels: { quantile: 'x' } }, /^Expected `labels` /],
    [{ labels: { __name__: 'x' } }, /^Expected `labels` .* got `__name__`/],
    [{ maxSamplesPerRequest: 0 }, /^Expected `maxSamplesPerRequest` to be an integer from 1 to 100000/],
    [{ maxSamplesPerRequest: 1.5 }, /^Expected `maxSamplesPerRequest`/],
    [{ maxRequestBytes: '1' }, /^Expected `maxRequestBytes` to be an integer from 16384 to 16777216/],
  ])('throws at %j', (options, error) => {
    expect(() => resolve(options)).toThrow(error);
  });

  it('throws where a metric has a label of the same name', () => {
    expect(() => resolve({ labels: { zone: 'a' } }, new Set(['route', 'zone']))).toThrow(
      'Expected `labels` to be an object of label names that no metric has, got `zone` (string).',
    );
  });
});
