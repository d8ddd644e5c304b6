import { describe, expect, it } from 'vitest';

import { alertmanagerPages } from './alertmanager-pages.ts';
import { PagerDutyStandIn } from './pager-duty-stand-in.ts';
import { PagingApplication } from './paging-application.ts';
import { distinctStorm, lookAlikeStorm, repeatedStorm, type StormRecord } from './storm.ts';

// Alertmanager is busy for a while with ten thousand groups, where it has to share a core.
const TIMEOUT_MILLIS = 120_000;

/** Incidents that our exporter opens for a storm. */
async function ourPages(storm: readonly StormRecord[]): Promise<number> {
  const pagerDuty = new PagerDutyStandIn();
  const application = new PagingApplication({ url: await pagerDuty.start() });
  await application.emit(storm);
  await application.close();
  const pages = pagerDuty.pages();
  await pagerDuty.close();
  return pages;
}

describe('a storm that is posted to a real Alertmanager', () => {
  it.each([
    ['of one failure', repeatedStorm()],
    ['of failures that are alike', lookAlikeStorm()],
    ['of distinct failures', distinctStorm()],
  ])(
    '%s pages no less than ours does',
    async (_what, storm) => {
      const ours = await ourPages(storm);
      expect(ours).toBeGreaterThan(0);
      expect(await alertmanagerPages(storm)).toBeGreaterThanOrEqual(ours);
    },
    TIMEOUT_MILLIS,
  );
});
