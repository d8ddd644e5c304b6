import { CHROMIUM, CHROMIUM_ARGUMENTS } from '@spillway/test/chromium';
import { pageProblems } from '@spillway/test/page-problems';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import type { Arrivals } from '../src/arrivals.ts';
import { BuiltExample } from './built-example.ts';

const BURST = 2000;
const example = new BuiltExample();
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_ARGUMENTS] });
  await example.build();
});
afterAll(async () => {
  await browser.close();
  await example.remove();
});

/** Runs in the page. */
async function outboxesOpen(): Promise<number> {
  const [databases, { held = [] }] = await Promise.all([indexedDB.databases(), navigator.locks.query()]);
  return Math.min(databases.length, held.length);
}

/** A visitor at the first page of a server that nothing has arrived at. */
class Visit {
  readonly page: Page;
  readonly problems: readonly string[];
  readonly #address: string;

  private constructor(page: Page, address: string) {
    this.page = page;
    this.problems = pageProblems(page);
    this.#address = address;
  }

  static async begin(): Promise<Visit> {
    const address = await example.serve();
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const visit = new Visit(await context.newPage(), address);
    await visit.page.goto(address);
    await visit.settled();
    return visit;
  }

  /** Waits until the page's outbox is open and has its lock: a page that is left before has nowhere to put anything. */
  async settled(): Promise<void> {
    await expect.poll(() => this.page.evaluate(outboxesOpen)).toBe(1);
  }

  /** The number that the page shows at a place. */
  async shown(id: string): Promise<number> {
    return Number((await this.page.textContent(`#${id}`))?.replaceAll(',', ''));
  }

  async arrivals(): Promise<Arrivals> {
    return (await (await fetch(new URL('/backend/arrivals', this.#address))).json()) as Arrivals;
  }

  /** Goes to where no page of the app is, so that the last records of its last page leave. */
  async leave(): Promise<void> {
    await this.page.goto('about:blank');
  }

  async expectArrived(count: number): Promise<void> {
    await expect.poll(async () => (await this.arrivals()).total).toBe(count);
  }
}

test('clicks, errors and a burst arrive, each once, when the page has been left', async () => {
  const visit = await Visit.begin();
  for (const id of ['burst', 'throw', 'reject']) await visit.page.click(`#${id}`);
  // The page that was opened, three clicks, two errors.
  await expect.poll(() => visit.shown('emitted')).toBe(BURST + 6);
  expect(await visit.shown('unaccounted')).toBe(0);
  await visit.page.click('#about');
  await visit.page.waitForURL('**/about.html');
  // One click more; what the second page logs waits there for its batch.
  await expect.poll(async () => Object.values((await visit.arrivals()).byPageView)).toContain(BURST + 7);
  await expect.poll(() => visit.shown('all-emitted')).toBe(BURST + 8);
  expect(await visit.shown('unaccounted')).toBe(0);
  await visit.leave();
  await visit.expectArrived(BURST + 8);
  const lines = (await visit.arrivals()).newest.map(({ line }) => line);
  expect(lines).toContain('page opened');
  expect(visit.problems).toEqual(['error: a bug of this page', 'error: a promise nobody looks after']);
});

test('a page that is left with 2,000 records queued leaves none behind', async () => {
  const visit = await Visit.begin();
  await visit.page.click('#leave');
  await visit.page.waitForURL('**/about.html');
  await expect.poll(async () => Object.values((await visit.arrivals()).byPageView)).toContain(BURST + 2);
  await expect.poll(() => visit.shown('all-emitted')).toBe(BURST + 3);
  expect(await visit.shown('unaccounted')).toBe(0);
  await visit.leave();
  await visit.expectArrived(BURST + 3);
  expect(visit.problems).toEqual([]);
});

test('a page that is left with 2,000 records queued, while Loki is away, leaves none behind', async () => {
  const visit = await Visit.begin();
  await visit.page.click('#loki');
  await expect.poll(() => visit.page.textContent('#loki')).toBe('Loki comes back');
  await visit.page.click('#leave');
  await visit.page.waitForURL('**/about.html');
  await expect.poll(() => visit.shown('in-outbox')).toBe(BURST + 3);
  expect(await visit.shown('taken-over')).toBe(BURST + 3);
  expect((await visit.arrivals()).total).toBe(0);

  await visit.page.click('#back');
  await expect.poll(() => visit.page.textContent('#loki')).toBe('Loki comes back');
  await visit.page.click('#loki');
  await expect.poll(async () => Object.values((await visit.arrivals()).byPageView)).toContain(BURST + 3);
  // Two clicks and two pages more.
  await expect.poll(() => visit.shown('all-emitted')).toBe(BURST + 7);
  await visit.leave();
  await visit.expectArrived(BURST + 7);
  expect(visit.problems).toEqual([]);
});
