import { describe, expect, it } from 'vitest';

import { changeEvent } from '../../src/events/change-event.ts';
import { resolveEventContext } from '../../src/events/event-context.ts';
import { expandLinks, type LinkTemplate, type LinkValues, resolveLinks } from '../../src/events/links.ts';
import { triggerEvent } from '../../src/events/trigger-event.ts';
import { takeSample } from '../../src/incidents/take-sample.ts';
import { logRecord } from '../log-record.ts';
import { incidentReport, NOW } from './incident-report.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const traced = takeSample(logRecord({ spanContext: { traceId: TRACE_ID, spanId: 'b7ad6b7169203331' } }));
const values: LinkValues = {
  traceId: TRACE_ID,
  spanId: undefined,
  service: 'a/b c\u{1f525}&x=\ud800',
  rule: 'payments',
  dedupKey: '',
  from: '1',
  to: '2',
};

function hrefs(...links: LinkTemplate[]): string[] {
  return expandLinks(resolveLinks('links', links), values).map(({ href }) => href);
}

describe('a link', () => {
  it('has the values of the incident, percent-encoded', () => {
    const href = 'https://logs.example/explore?service={service}&from={from}&to={to}#{traceId}';
    expect(hrefs({ href })).toEqual([
      `https://logs.example/explore?service=a%2Fb%20c%F0%9F%94%A5%26x%3D%EF%BF%BD&from=1&to=2#${TRACE_ID}`,
    ]);
  });

  it('is left out where a value is missing, or what results is no address or too long', () => {
    expect(hrefs({ href: 'https://a.example/{spanId}' }, { href: 'https://a.example/{dedupKey}' })).toEqual([]);
    expect(hrefs({ href: 'https://{service}.example/' }, { href: 'https://a.example/{rule}' })).toEqual([
      'https://a.example/payments',
    ]);
    expect(hrefs({ href: `https://a.example/${'x'.repeat(1990)}{service}{service}` })).toEqual([]);
  });

  it('is of the first record that has a trace, and of the time around the incident', () => {
    const links = [
      { text: 'Trace', href: 'https://a.example/{traceId}/{spanId}/{service}/{rule}/{dedupKey}/{from}/{to}' },
    ];
    const context = resolveEventContext({ links });
    const report = incidentReport({
      dedupKey: 'a:b',
      samples: [takeSample(logRecord()), traced],
      lastSeenMillis: NOW + 1000,
    });
    expect(triggerEvent(report, context).links).toEqual([
      {
        text: 'Trace',
        href: `https://a.example/${TRACE_ID}/b7ad6b7169203331/checkout/payments/a%3Ab/${NOW - 300_000}/${NOW + 301_000}`,
      },
    ]);
  });

  it('of a change needs no key of an incident', () => {
    const links = [{ href: 'https://a.example/{service}/{traceId}/{from}' }, { href: 'https://a.example/{dedupKey}' }];
    const report = { rule: 'deployments', summary: 'v2', source: 'ci', service: 'checkout', sample: traced };
    expect(changeEvent(report, resolveEventContext({ links })).links).toEqual([
      { href: `https://a.example/checkout/${TRACE_ID}/${NOW - 300_000}` },
    ]);
  });
});

describe('the options of links', () => {
  it.each([
    [[{ href: 'https://a.example/{trace}' }], 'links[0].href'],
    [[{ href: 'https://a.example/?q={"a":1}' }], 'links[0].href'],
    [[{ href: 'https://a.example/}' }], 'links[0].href'],
    [[{ href: 'ftp://a.example/' }], 'links[0].href'],
    [[{ href: '{service}://a.example/' }], 'links[0].href'],
    [[{ href: '/trace/{traceId}' }], 'links[0].href'],
    [[{ href: `https://a.example/${'x'.repeat(2048)}` }], 'links[0].href'],
    [[{ href: 'https://a.example/', text: '' }], 'links[0].text'],
    [[{ href: 'https://a.example/', title: 'x' }], 'links[0].title'],
    [[null], 'links[0]'],
    [Array.from({ length: 11 }, () => ({ href: 'https://a.example/' })), 'links'],
    ['https://a.example/', 'links'],
  ])('are checked: %o', (links, field) => {
    expect(() => resolveLinks('links', links as never)).toThrow(`\`${field}\``);
  });

  it('of the client are checked', () => {
    expect(() => resolveEventContext({ client: '' })).toThrow('`client`');
    expect(() => resolveEventContext({ clientUrl: 'javascript:alert(1)' })).toThrow('`clientUrl`');
    expect(resolveEventContext({ client: 'x'.repeat(300), clientUrl: 'https://a.example' })).toEqual({
      client: `${'x'.repeat(254)}…`,
      clientUrl: 'https://a.example/',
      links: [],
    });
  });
});
