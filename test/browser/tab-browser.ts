import { afterAll, beforeAll } from 'vitest';

import { ChromiumTabs } from './chromium-tabs.ts';

/** Chromium for the tests of a file: they are kept apart by origins of their own. */
export class TabBrowser extends ChromiumTabs {
  constructor(options: { readonly keepsPages?: boolean } = {}) {
    super(options);
    beforeAll(() => this.start());
    afterAll(() => this.stop());
  }
}
