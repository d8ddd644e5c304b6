import { describe, expect, it } from 'vitest';

import { type PagerDutyLogRecordExporterOptions, resolvePagerDutyOptions } from '../src/pagerduty-exporter-options.ts';

const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

function resolve(options: object): ReturnType<typeof resolvePagerDutyOptions> {
  return resolvePagerDutyOptions({ routingKey: ROUTING_KEY, ...options });
}

describe('options', () => {
  it('have defaults', () => {
    expect(resolve({})).toMatchObject({
      url: 'https://events.pagerduty.com',
      rules: [{ name: 'fatal' }],
      keyPrefix: 'spillway',
      limits: { maxOpenIncidents: 50, maxNewIncidents: 10, newIncidentWindowMillis: 600_000 },
      maxCallsPerMinute: 60,
      context: { client: 'Spillway' },
      attemptTimeoutMillis: 10_000,
    });
  });

  it.each([
    [{ region: 'eu' }, 'https://events.eu.pagerduty.com'],
    [{ url: 'http://localhost:8080/' }, 'http://localhost:8080'],
    [{ region: 'eu', url: 'https://proxy/pagerduty' }, 'https://proxy/pagerduty'],
  ])('%j send to %s', (options, url) => {
    expect(resolve(options).url).toBe(url);
  });

  it.each<[field: string, options: object]>([
    ['routingKey', { routingKey: undefined }],
    ['fallbackRoutingKey', { fallbackRoutingKey: ROUTING_KEY }],
    ['routingKey', { routingKey: 'hidden' }],
    ['routingKey', { routingKey: `${ROUTING_KEY}\n` }],
    ['fallbackRoutingKey', { fallbackRoutingKey: 'hidden' }],
    ['region', { region: 'asia' }],
    ['url', { url: 'http://me:hidden@proxy' }],
    ['rules', { rules: [] }],
    ['rules[0].name', { rules: [{ name: 'overflow', when: {} }] }],
    ['keyPrefix', { keyPrefix: 'a b' }],
    ['maxOpenIncidents', { maxOpenIncidents: 0 }],
    ['maxNewIncidents', { maxNewIncidents: 1001 }],
    ['newIncidentWindowMillis', { newIncidentWindowMillis: 1 }],
    ['maxCallsPerMinute', { maxCallsPerMinute: 9 }],
    ['links[0].href', { links: [{ text: 'x', href: '{unknown}' }] }],
    ['redact', { redact: 'all' }],
    ['store', { store: {} }],
    ['attemptTimeoutMillis', { attemptTimeoutMillis: 0 }],
    ['onPageDrop', { onPageDrop: 1 }],
    ['selfObsMeterProvider', { selfObsMeterProvider: {} }],
    ['routingkey', { routingkey: 'hidden' }],
  ])('name `%s` where it is wrong, and never show a secret', (field, options) => {
    expect(() => resolve(options)).toThrow(`\`${field}`);
    expect(() => resolve(options)).not.toThrow('hidden');
  });

  it('must be there', () => {
    const none = undefined as unknown as PagerDutyLogRecordExporterOptions;
    expect(() => resolvePagerDutyOptions(none)).toThrow('Expected `options` to be an object');
  });
});
