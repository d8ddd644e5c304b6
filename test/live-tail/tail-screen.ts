import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** What counts the header shows. */
type CountName = 'received' | 'shown' | 'kept' | 'missed';

const PATIENCE = { timeout: 15_000 };

/** Looks at the page as a person does. */
export class TailScreen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The rows that are in the document, from top to bottom. */
  get rows(): Locator {
    return this.page.locator('.row:not([hidden])');
  }

  /** Rows with this text. */
  row(text: string): Locator {
    return this.rows.filter({ hasText: text });
  }

  get details(): Locator {
    return this.page.locator('#details');
  }

  get connection(): Locator {
    return this.page.locator('#connection');
  }

  /** Resolves once a count is as expected: everything that was sent before has been seen by then. */
  async expectCount(name: CountName, count: number): Promise<void> {
    await expect.poll(() => this.count(name), PATIENCE).toBe(count);
  }

  async count(name: CountName): Promise<number> {
    return Number((await this.page.locator(`#count-${name}`).textContent())?.replaceAll(',', ''));
  }

  /** Resolves once the rows say this, each with its message. */
  async expectMessages(messages: readonly string[]): Promise<void> {
    await expect.poll(() => this.messages(), PATIENCE).toEqual(messages);
  }

  messages(): Promise<string[]> {
    return this.page.locator('.row:not([hidden]) .body').allTextContents();
  }

  async expectText(locator: Locator, text: string | RegExp): Promise<void> {
    await expect.poll(() => locator.textContent(), PATIENCE).toMatch(text);
  }

  async expectConnection(text: string | RegExp): Promise<void> {
    await this.expectText(this.page.locator('#connection-text'), text);
  }

  /** How far the page is wider than its window. */
  overflow(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  }
}
