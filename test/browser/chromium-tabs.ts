import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';

import { CHROMIUM, CHROMIUM_ARGUMENTS } from '../real-programs/chromium.ts';
import { freePort } from '../real-programs/free-port.ts';
import { Program } from '../real-programs/program.ts';

/** Tests open and close windows by scripts, and what a page does in the background is not to be held back by the driver. */
const ARGUMENTS = '--headless --disable-popup-blocking --no-default-browser-check --disable-extensions'.split(' ');

/**
 * Chromium with tabs that are really hidden behind one another, frozen, and kept in the back/forward cache. That is why it
 * is started here and driven from outside: what playwright starts itself keeps every page visible, for each context that
 * is not the browser's own.
 */
export class ChromiumTabs {
  readonly #flags: readonly string[];
  #folder = '';
  #program: Program | undefined;
  #browser: Browser | undefined;
  #session: CDPSession | undefined;

  /** @param keepsPages whether pages that are left come into the back/forward cache, where they may live on. */
  constructor({ keepsPages = true } = {}) {
    this.#flags = keepsPages ? [] : ['--disable-back-forward-cache'];
  }

  get context(): BrowserContext {
    const context = this.#browser?.contexts()[0];
    if (context === undefined) throw new Error('The browser is not running.');
    return context;
  }

  /** A new tab in front of the others, or in a window of its own, where it hides none of them. */
  async openTab(url: string, place: 'tab' | 'window' = 'tab'): Promise<Page> {
    const opened = this.context.waitForEvent('page');
    await this.#session?.send('Target.createTarget', { url, newWindow: place === 'window' });
    return opened;
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'spillway-chromium-'));
    const port = await freePort();
    const own = [`--user-data-dir=${this.#folder}`, `--remote-debugging-port=${port}`, 'about:blank'];
    const url = `http://127.0.0.1:${port}`;
    this.#program = new Program(
      CHROMIUM,
      [...CHROMIUM_ARGUMENTS, ...ARGUMENTS, ...this.#flags, ...own],
      `${url}/json/version`,
    );
    await this.#program.start();
    this.#browser = await chromium.connectOverCDP(url, { noDefaults: true, isLocal: true });
    this.#session = await this.#browser.newBrowserCDPSession();
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#program?.stop();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
