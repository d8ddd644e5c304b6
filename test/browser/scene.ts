import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';

import { LokiStandIn } from '../loki/index.ts';
import { pageProblems } from '../real-programs/page-problems.ts';
import type { PageConfig } from './page/page-config.ts';
import { recordIndex } from './page/record-text.ts';
import { PageSite } from './page-site.ts';
import { type Emission, expectBalanced, Tab } from './tab.ts';
import type { TabBrowser } from './tab-browser.ts';

const HOUR_NANOS = 3_600_000_000_000n;
const ALL = '{service_name=~".+"}';

type SceneConfig = Omit<PageConfig, 'pushUrls'> & Partial<Pick<PageConfig, 'pushUrls'>>;

interface QueryAnswer {
  readonly data: { readonly result: readonly { readonly values: readonly (readonly [string, string])[] }[] };
}

interface PushBody {
  readonly streams: readonly { readonly values: readonly (readonly [string, string])[] }[];
}

/** A Loki, an origin with pages that log to it, and the account of what they logged. New for each test of a file. */
export class Scene {
  readonly #browser: TabBrowser;
  #loki: LokiStandIn | undefined;
  #site: PageSite | undefined;
  #tabs: Tab[] = [];
  #problems: string[][] = [];
  #covers: Page[] = [];
  #emitted = 0;

  constructor(browser: TabBrowser) {
    this.#browser = browser;
    beforeEach(() => this.#open());
    afterEach(() => this.#close());
  }

  get loki(): LokiStandIn {
    if (this.#loki === undefined) throw new Error('The scene is not open.');
    return this.#loki;
  }

  get site(): PageSite {
    if (this.#site === undefined) throw new Error('The scene is not open.');
    return this.#site;
  }

  /** Records that pages of this scene were told to emit. */
  get emitted(): number {
    return this.#emitted;
  }

  /** Address of a page of the origin. */
  address(path: string, config: SceneConfig = {}): string {
    const whole: PageConfig = { pushUrls: [this.loki.url], ...config };
    return `${this.site.origin}${path}?config=${encodeURIComponent(JSON.stringify(whole))}`;
  }

  /** Opens a page in a tab in front of the others, or in a window beside them. */
  async open(path: string, config: SceneConfig = {}, place: 'tab' | 'window' = 'tab'): Promise<Tab> {
    const page = await this.#browser.openTab(this.address(path, config), place);
    this.#problems.push(pageProblems(page));
    const tab = new Tab(page, await page.context().newCDPSession(page));
    this.#tabs.push(tab);
    await tab.ready();
    const hasDatabase = !/^\/(?:sandbox|otlp)/.test(path) && config.outbox !== 'memory' && config.noDatabase !== true;
    if (hasDatabase && config.place !== 'worker') await tab.settled();
    return tab;
  }

  /** Opens a tab of no origin in front of the others, which hides them. */
  async cover(): Promise<Page> {
    const page = await this.#browser.openTab('about:blank');
    this.#covers.push(page);
    return page;
  }

  /** How often each record was pushed so far, whatever became of it, by its number. */
  async pushed(): Promise<ReadonlyMap<number, number>> {
    const times = new Map<number, number>();
    for (const request of this.loki.requests) {
      // A body that is not read yet is empty.
      if (request.method !== 'POST' || request.bytes === 0) continue;
      const { streams } = JSON.parse(await request.body()) as PushBody;
      for (const line of streams.flatMap(({ values }) => values.map(([, text]) => text))) {
        times.set(recordIndex(line), (times.get(recordIndex(line)) ?? 0) + 1);
      }
    }
    return times;
  }

  /** Each of the records was pushed once at most. */
  async expectPushedOnce(): Promise<void> {
    const twice = [...(await this.pushed())].filter(([, times]) => times > 1);
    expect(twice.length).toBe(0);
  }

  /** Numbers for records that nobody has emitted yet, to be emitted now. */
  next(count: number, options: Pick<Emission, 'severity' | 'pipeline'> = {}): Emission {
    const from = this.#emitted;
    this.#emitted += count;
    return { from, count, ...options };
  }

  /** Numbers of the records that a log query finds, in order. */
  async found(): Promise<readonly number[]> {
    const now = BigInt(Date.now()) * 1_000_000n;
    const query = new URLSearchParams({
      query: ALL,
      start: String(now - HOUR_NANOS),
      end: String(now + HOUR_NANOS),
      limit: '5000',
      direction: 'forward',
    });
    const response = await fetch(`${this.loki.url}/loki/api/v1/query_range?${query.toString()}`);
    const { data } = (await response.json()) as QueryAnswer;
    const lines = data.result.flatMap(({ values }) => values.map(([, line]) => line));
    return lines.map((line) => recordIndex(line)).toSorted((a, b) => a - b);
  }

  /** Waits until every record is found, each once; and then it stays so while pages have something left to send. */
  async expectAllArrived(): Promise<void> {
    await expect.poll(async () => missing(await this.found(), this.#emitted)).toBe('0 missing');
    await this.expectSettled();
    expect(await this.found()).toEqual(Array.from({ length: this.#emitted }, (_, index) => index));
  }

  /** Waits until no page that lives holds anything; then their accounts are balanced. */
  async expectSettled(): Promise<void> {
    for (const tab of this.#living) {
      await expect.poll(() => heldBy(tab)).toBe(0);
    }
    await this.expectBalanced();
  }

  /** The accounts of all pages that live are balanced. */
  async expectBalanced(): Promise<void> {
    for (const tab of this.#living) {
      const { processor, exporter } = await tab.stats();
      expectBalanced(processor);
      expectBalanced(exporter);
    }
  }

  get #living(): readonly Tab[] {
    return this.#tabs.filter(({ page }) => !page.isClosed());
  }

  async #open(): Promise<void> {
    this.#emitted = 0;
    this.#loki = new LokiStandIn({ cors: true });
    await this.#loki.start();
    this.#site = await PageSite.open();
  }

  async #close(): Promise<void> {
    const problems = this.#problems;
    const tabs = this.#living;
    this.#problems = [];
    this.#tabs = [];
    await Promise.all([...tabs, ...this.#covers.splice(0)].map((tab) => tab.close()));
    await Promise.all([this.#loki?.close(), this.#site?.close()]);
    expect(problems.flat()).toEqual([]);
  }
}

async function heldBy(tab: Tab): Promise<number> {
  const { processor, exporter } = await tab.stats();
  return processor.held + exporter.held;
}

/** Short, because it stands in the message of a test that fails. */
function missing(found: readonly number[], emitted: number): string {
  return `${emitted - new Set(found).size} missing`;
}
