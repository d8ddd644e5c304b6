import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

/** Where Debian installs it. */
const EXECUTABLE = '/usr/bin/chromium';
/** Without these it cannot run as root, or asks its maker for things. */
const ARGUMENTS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** A page, and what a page must never do. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts, violations of the policy, and what the console calls an error. */
  readonly problems: readonly string[];
}

interface PageGlobals {
  readonly reportProblem: (text: string) => void;
}

/** What the browser itself says where a connection breaks or a server refuses: that is what some tests do. */
const FAILED_REQUEST = /^Failed to load resource/;

/** Chromium for the tests of a file. After each test its pages are closed, and must have had no problem. */
export class TestBrowser {
  #browser: Browser | undefined;
  #pages: WatchedPage[] = [];

  constructor() {
    beforeAll(async () => {
      this.#browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS.split(' '), headless: true });
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
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !FAILED_REQUEST.test(message.text())) problems.push(`console: ${message.text()}`);
  });
  await page.exposeFunction('reportProblem', (text: string) => problems.push(text));
  await page.addInitScript(() => {
    const { reportProblem } = globalThis as unknown as PageGlobals;
    addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
      reportProblem(`policy: ${violatedDirective}`),
    );
  });
  return { page, problems };
}
