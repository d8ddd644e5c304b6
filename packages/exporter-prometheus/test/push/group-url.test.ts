import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type GroupOptions, groupUrl } from '../../src/push/group-url.ts';
import { groupLabels } from './gateway-stand-in.ts';

const URL_BASE = 'http://localhost:9091';

function pathOf(options: Partial<GroupOptions>): string {
  const url = groupUrl('pushgateway', { url: URL_BASE, job: 'job', ...options }, new Set());
  // What `fetch` makes of the address is what is sent.
  return new URL(url).pathname;
}

describe('groupUrl', () => {
  it.each([
    ['a safe value', { job: 'nightly_backup-2.1' }, '/metrics/job/nightly_backup-2.1'],
    ['a path', { job: 'a/b' }, '/metrics/job@base64/YS9i'],
    ['nothing', { grouping: { zone: '' } }, '/metrics/job/job/zone@base64/='],
    ['a step up', { grouping: { zone: '..' } }, '/metrics/job/job/zone@base64/Li4'],
    ['a percent sign', { grouping: { zone: '%2F' } }, '/metrics/job/job/zone@base64/JTJG'],
    ['labels in one order', { grouping: { b: '2', a: '1' } }, '/metrics/job/job/a/1/b/2'],
  ])('writes %s', (_name, options, path) => {
    expect(pathOf(options)).toBe(path);
  });

  it('lets the Pushgateway read any value back', () => {
    const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,8}$/).filter((text) => !/^(?:le|quantile|job)$/.test(text));
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('', '.', '..', '/', '//', '=', '%', '?', '#', '\\'),
    );
    const job = value.filter((text) => text !== '');
    fc.assert(
      fc.property(job, fc.dictionary(name, value, { noNullPrototype: true }), (jobValue, grouping) => {
        expect(groupLabels(pathOf({ job: jobValue, grouping }))).toEqual({ job: jobValue, ...grouping });
      }),
    );
  });

  it('keeps a path before that of the Pushgateway', () => {
    expect(pathOf({ url: 'https://example.com/push//' })).toBe('/push/metrics/job/job');
  });

  it.each([
    ['job', { job: '' }],
    ['job', { job: 5 }],
    ['job', { job: '\ud800' }],
    ['url', { url: 'ftp://localhost' }],
    ['url', { url: 'localhost:9091' }],
    ['url', { url: undefined }],
    ['url', { url: 'http://localhost/?a=b' }],
    ['url', { url: 'http://localhost/metrics/job/other' }],
    ['grouping', { grouping: null }],
    ['grouping', { grouping: { job: 'twice' } }],
    ['grouping', { grouping: { 'a.b': '1' } }],
    ['grouping', { grouping: { __name__: '1' } }],
    ['grouping', { grouping: { le: '1' } }],
    ['grouping', { grouping: { '': '1' } }],
    ['grouping.zone', { grouping: { zone: 1 } }],
    ['grouping.zone', { grouping: { zone: '\udc00' } }],
  ])('refuses a wrong `%s`: %j', (field, options) => {
    expect(() => pathOf(options as Partial<GroupOptions>)).toThrow(`Expected \`pushgateway.${field}\``);
  });

  it('refuses a label that a metric has, which it would replace', () => {
    const options = { url: URL_BASE, job: 'job', grouping: { severity: 'high' } };
    expect(() => groupUrl('pushgateway', options, new Set(['severity']))).toThrow(
      'label names that no metric has, got `severity`',
    );
  });

  it('never shows an address that has credentials', () => {
    expect(() => pathOf({ url: 'http://me:hidden@localhost' })).toThrow(/^(?!.*hidden).*`basicAuth`/);
  });
});
