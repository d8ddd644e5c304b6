import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { PagerDutyStandIn } from './pager-duty-stand-in.ts';
import { PagingApplication } from './paging-application.ts';
import { distinctStorm, lookAlikeStorm, repeatedStorm } from './storm.ts';

const MAX_NEW_INCIDENTS = 10;

let pagerDuty: PagerDutyStandIn;
let application: PagingApplication;

beforeEach(async () => {
  pagerDuty = new PagerDutyStandIn();
  await pagerDuty.start();
  application = new PagingApplication({ url: pagerDuty.url });
});

afterEach(async () => {
  await application.close();
  const { received, passed, droppedTotal, held, pages } = application.exporter.stats();
  expect(received).toBe(passed + droppedTotal + held);
  expect(pages.created + pages.recovered).toBe(pages.passed + pages.droppedTotal + pages.held);
  expect(pagerDuty.refusals()).toEqual([]);
  expect(pagerDuty.maxCallsPerMinute()).toBeLessThanOrEqual(60);
  await pagerDuty.close();
});

describe('ten thousand records', () => {
  it.each([
    ['of one failure', repeatedStorm()],
    ['that are alike but for numbers, ids and quoted texts', lookAlikeStorm()],
  ])('%s open one incident, with at most two updates', async (_what, storm) => {
    await application.emit(storm);
    await application.exporter.forceFlush();
    expect(pagerDuty.pages()).toBe(1);
    expect(pagerDuty.calls().length).toBeLessThanOrEqual(3);
    expect(application.exporter.stats()).toMatchObject({ received: 10_000, passed: 10_000, matched: 10_000 });
  });

  it('that are all distinct open no more incidents than they may, and one for the rest', async () => {
    await application.emit(distinctStorm());
    await application.exporter.forceFlush();
    expect(pagerDuty.pages()).toBeLessThanOrEqual(MAX_NEW_INCIDENTS + 1);
    expect(pagerDuty.incidents().some(({ dedupKey }) => dedupKey.startsWith('spillway:overflow:'))).toBe(true);
  });

  it('of errors do not hide what is critical', async () => {
    await application.close();
    application = new PagingApplication({
      url: pagerDuty.url,
      rules: [{ name: 'errors', when: { minSeverity: 17 } }],
    });
    await application.emit(distinctStorm({ severityNumber: 17 }));
    application.logger.emit({ severityNumber: 21, body: 'The disk of the ledger is full' });
    await application.exporter.forceFlush();
    const critical = pagerDuty.incidents().filter(({ severity }) => severity === 'critical');
    expect(critical.map(({ summary }) => summary)).toEqual([expect.stringContaining('The disk of the ledger is full')]);
  });
});

describe('while PagerDuty fails', () => {
  it.each([
    ['with 429', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
    ['with 503', { kind: 'status', status: 503 }],
    ['by broken connections', { kind: 'reset', when: 'after-reading' }],
  ] as const)(
    '%s, a page is held, and delivered once afterwards',
    async (_what, fault) => {
      await application.close();
      // Pauses are as short as jitter can make them.
      application = new PagingApplication({ url: pagerDuty.url, random: () => 0 });
      pagerDuty.setFault(({ index }) => (index < 3 ? fault : undefined));
      await application.emit(repeatedStorm({ count: 100 }));
      await expect.poll(() => pagerDuty.pages(), { timeout: 15_000 }).toBe(1);
      expect(application.exporter.stats().pages).toMatchObject({ created: 1, droppedTotal: 0 });
    },
    20_000,
  );

  it('by an answer that is lost, the incident is one all the same', async () => {
    pagerDuty.setFault(({ index }) => (index === 0 ? { kind: 'reset', when: 'after-storing' } : undefined));
    await application.emit(repeatedStorm({ count: 10 }));
    await expect.poll(() => application.exporter.stats().pages.passed, { timeout: 10_000 }).toBe(1);
    expect(pagerDuty.pages()).toBe(1);
  }, 15_000);
});

describe('what is too long', () => {
  it('is cut, and paged all the same', async () => {
    const large = Object.fromEntries([1, 2, 3, 4, 5].map((key) => [`k${key}`, 'x'.repeat(300_000)]));
    application.logger.emit({ severityNumber: 21, body: '\u{1f525}災'.repeat(2500), attributes: large });
    await application.exporter.forceFlush();
    expect(pagerDuty.pages()).toBe(1);
    expect(pagerDuty.incidents()[0]?.summary.length).toBeLessThanOrEqual(1024);
  });
});
