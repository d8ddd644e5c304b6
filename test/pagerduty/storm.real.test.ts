import { describe, expect, it } from 'vitest';

import { alertmanagerPages } from './alertmanager-pages.ts';
import { distinctStorm, lookAlikeStorm, repeatedStorm } from './storm.ts';

// Ten thousand groups take it a while, where it has to share a core.
const TIMEOUT_MILLIS = 120_000;

describe('a real Alertmanager', () => {
  it('pages once for one alert, however often it is posted', async () => {
    expect(await alertmanagerPages(repeatedStorm())).toBe(1);
  });

  it(
    'pages for each message, since it does not see which are alike',
    async () => {
      expect(await alertmanagerPages(lookAlikeStorm())).toBe(10_000);
      expect(await alertmanagerPages(distinctStorm())).toBe(10_000);
    },
    TIMEOUT_MILLIS,
  );

  it('pages once for a whole storm that it is told to put into one group', async () => {
    expect(await alertmanagerPages(lookAlikeStorm(), ['alertname'])).toBe(1);
    expect(await alertmanagerPages(distinctStorm(), ['alertname'])).toBe(1);
  });
});
