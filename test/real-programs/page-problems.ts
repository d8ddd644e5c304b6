import type { Page } from 'playwright-core';

/** What the browser itself says where a connection breaks, or a server or a policy refuses: that is what some tests do. */
const BROWSER_MESSAGE =
  /^(?:Failed to load resource|Access to fetch at|(?:Refused to connect|Connecting to|Fetch API cannot load) )/;

/** Collects what a page must never do, from now on: errors of scripts, dialogs, and what the console calls an error. */
export function pageProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !BROWSER_MESSAGE.test(message.text())) {
      problems.push(`console: ${message.text()}`);
    }
  });
  return problems;
}
