import { describe, expect, it } from 'vitest';

import { alertmanagerPages } from './alertmanager-pages.ts';
import { distinctStorm, lookAlikeStorm, repeatedStorm } from './storm.ts';

describe('a real Alertmanager', () => {
  it('pages once for one alert, however often it is posted', async () => {
    expect(await alertmanagerPages(repeatedStorm())).toBe(1);
  });

  it('pages for each message, since it does not see which are alike', async () => {
    expect(await alertmanagerPages(lookAlikeStorm({ count: 1000 }))).toBe(1000);
    expect(await alertmanagerPages(distinctStorm({ count: 1000 }))).toBe(1000);
  });

  it('pages once for a whole storm that it is told to put into one group', async () => {
    expect(await alertmanagerPages(lookAlikeStorm(), ['alertname'])).toBe(1);
    expect(await alertmanagerPages(distinctStorm(), ['alertname'])).toBe(1);
  });
});
