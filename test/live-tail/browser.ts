import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { CHROMIUM, CHROMIUM_ARGUMENTS } from '../real-programs/chromium.ts';
import { pageProblems } from '../real-programs/page-problems.ts';

/** A page, and what a page must never do. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts, violations of the policy, and what the console calls an error. */
  readonly problems: readonly string[];
}

interface PageGlobals {
  readonly reportProblem: (text: string) => void;
}

/** Chromium for the tests of a file. After each test its pages are closed, and must have had no problem. */
export class TestBrowser {
  #browser: Browser | undefined;
  #pages: WatchedPage[] = [];

  constructor() {
    beforeAll(async () => {
      this.#browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: [...CHROMIUM_ARGUMENTS],
        headless: true,
      });
    });
    afterEach(async () => {
      const pages = this.#pages;
      this.#pages = [];
      await Promise.all(pages.map(({ page }) => page.context().close()));
      expect(pages.flatMap(({ problems }) => problems)).toEqual([]);
    });
    afterAll(() => this.#browser?.close());
  }

  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser?.newContext({ viewport: { width: 1280, height: 720 }, ...options });
    if (context === undefined) throw new Error('The browser is not running.');
    const page = await context.newPage();
    this.#pages.push(await watch(page));
    await page.goto(url);
    return page;
  }
}

async function watch(page: Page): Promise<WatchedPage> {
  const problems = pageProblems(page);
  await page.exposeFunction('reportProblem', (text: string) => problems.push(text));
  await page.addInitScript(() => {
    const { reportProblem } = globalThis as unknown as PageGlobals;
    addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
      reportProblem(`policy: ${violatedDirective}`),
    );
  });
  return { page, problems };
}
