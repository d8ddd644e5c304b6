import type { CDPSession, Frame, Page } from 'playwright-core';
import { expect } from 'vitest';

import type { Account, DiagMessage, PageFixture, PageRecording, PipelineStats } from './page/page-config.ts';

/** How many records, how severe, and into which of the page's pipelines. */
export interface Emission {
  readonly from: number;
  readonly count: number;
  readonly severity?: number;
  readonly pipeline?: number;
}

/** How a page is left. */
export type Departure = { readonly to: string } | 'reload' | 'close' | 'back';

interface FixtureGlobals {
  readonly fixture: PageFixture;
}

/** A tab with a page of the fixture. */
export class Tab {
  readonly page: Page;
  /** Why the browser gave requests up, which it does not tell the page. */
  readonly failedRequests: string[] = [];
  readonly #session: CDPSession;

  constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
    page.on('requestfailed', (request) => {
      this.failedRequests.push(`${request.method()} ${request.url()}: ${request.failure()?.errorText ?? 'unknown'}`);
    });
  }

  /** Waits until the fixture is there. */
  async ready(): Promise<void> {
    await expect.poll(() => this.bornMillis().catch(() => 0)).toBeGreaterThan(0);
    await expect.poll(() => this.recording().catch(() => undefined)).toBeDefined();
  }

  /**
   * Waits until the page's outbox is open and has its lock: a page that is left before has nowhere to put anything, and one
   * that is given a lock after it was left is not kept.
   */
  async settled(): Promise<void> {
    const isSettled = async (): Promise<boolean> => {
      const { hasDatabase, locksHeld } = await this.recording();
      return hasDatabase && locksHeld > 0;
    };
    await expect.poll(isSettled).toBe(true);
  }

  async emit(emission: Emission): Promise<void> {
    await this.#frame.evaluate(
      ({ from, count, severity, pipeline }) =>
        (globalThis as unknown as FixtureGlobals).fixture.emit(from, count, severity, pipeline),
      emission,
    );
  }

  /** Emits and leaves in one task: nothing asynchronous has happened in between. A tab is closed by its user, right after. */
  async emitAndLeave(emissions: readonly Emission[], departure: Departure): Promise<void> {
    if (departure === 'close') {
      for (const emission of emissions) await this.emit(emission);
      await this.close();
      return;
    }
    const script = (given: { readonly emissions: readonly Emission[]; readonly departure: Departure }): void => {
      // In a task of its own, so that this call is answered before the page is gone.
      setTimeout(() => {
        const { fixture } = globalThis as unknown as FixtureGlobals;
        for (const { from, count, severity, pipeline } of given.emissions) {
          void fixture.emit(from, count, severity, pipeline);
        }
        if (given.departure === 'reload') location.reload();
        else if (given.departure === 'back') history.back();
        else if (given.departure !== 'close') location.href = given.departure.to;
      }, 0);
    };
    const bornMillis = await this.bornMillis();
    await this.page.evaluate(script, { emissions, departure });
    await expect.poll(() => this.bornMillis().catch(() => bornMillis)).not.toBe(bornMillis);
    await this.ready();
  }

  /** Goes on to another page of the history; what is restored is told by {@link recording}. */
  async leave(departure: Departure): Promise<void> {
    await this.emitAndLeave([], departure);
  }

  async stats(pipeline = 0): Promise<PipelineStats> {
    const all = await this.#frame.evaluate(() => (globalThis as unknown as FixtureGlobals).fixture.stats());
    return all[pipeline] as PipelineStats;
  }

  async flush(): Promise<void> {
    await this.#frame.evaluate(() => (globalThis as unknown as FixtureGlobals).fixture.flush());
  }

  async diagMessages(level?: DiagMessage['level']): Promise<readonly string[]> {
    const messages = await this.#frame.evaluate(() => (globalThis as unknown as FixtureGlobals).fixture.diagMessages());
    return messages.filter((message) => level === undefined || message.level === level).map(({ text }) => text);
  }

  async recording(): Promise<PageRecording> {
    return this.#frame.evaluate(() => (globalThis as unknown as FixtureGlobals).fixture.recording);
  }

  /** What the page recorded that was left last, of this origin. */
  async lastRecording(): Promise<PageRecording> {
    const text = await this.page.evaluate(() => localStorage.getItem('last-recording'));
    return JSON.parse(text ?? 'null') as PageRecording;
  }

  /** Tells the documents of a tab apart: it is the same again where one comes back out of the cache. */
  async bornMillis(): Promise<number> {
    return this.page.evaluate(() => (document.readyState === 'complete' ? performance.timeOrigin : 0));
  }

  async visibility(): Promise<string> {
    return this.page.evaluate(() => document.visibilityState);
  }

  /** Comes before the other tabs of its window, and hides them. */
  async show(): Promise<void> {
    await this.page.bringToFront();
    await expect.poll(() => this.visibility()).toBe('visible');
  }

  /** Stops the page as the browser does with hidden ones after minutes; {@link show} ends it. */
  async freeze(): Promise<void> {
    await expect.poll(() => this.visibility()).toBe('hidden');
    await this.#session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await expect.poll(async () => (await this.recording()).events.at(-1)).toBe('freeze');
  }

  /** Its process ends without any event of the page. */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash');
    this.#session.send('Page.crash').catch(() => {});
    await crashed;
    await this.page.close();
  }

  async limitStorage(quotaBytes: number): Promise<void> {
    const { origin } = new URL(this.page.url());
    await this.#session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: quotaBytes });
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  /** The frame that has the fixture: the innermost. */
  get #frame(): Frame {
    return this.page.frames().at(-1) ?? this.page.mainFrame();
  }
}

/** The law of the ledger, for one that may have had records taken over by another page. */
export function expectBalanced({ received, created, recovered, passed, dropped, droppedTotal, held }: Account): void {
  expect(received + created + recovered).toBe(passed + droppedTotal + held);
  expect(Object.values(dropped).reduce((sum, count) => sum + count, 0)).toBe(droppedTotal);
  expect(Math.min(received, created, passed, droppedTotal, held)).toBeGreaterThanOrEqual(0);
}
