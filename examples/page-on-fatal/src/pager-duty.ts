import { PagerDutyStandIn } from '@spillway/test/pagerduty';

/** A PagerDuty to page through. */
export interface PagerDuty {
  /** What an application needs to know of it. */
  readonly environment: Readonly<Record<string, string>>;
  printPages(): void;
  close(): Promise<void>;
}

/** A stand-in within this process, or where `PAGERDUTY_ROUTING_KEY` is set the real one: it wakes somebody. */
export async function openPagerDuty(): Promise<PagerDuty> {
  const routingKey = process.env['PAGERDUTY_ROUTING_KEY'] ?? '';
  if (routingKey !== '') return { environment: {}, printPages: () => {}, close: async () => {} };
  const standIn = new PagerDutyStandIn();
  return {
    environment: { PAGERDUTY_ROUTING_KEY: '0123456789abcdef0123456789abcdef', PAGERDUTY_URL: await standIn.start() },
    printPages: () => {
      console.log(`\nPages through PagerDuty: ${standIn.pages()}`);
      for (const { severity, summary } of standIn.incidents()) console.log(`  ${severity} ${summary}`);
    },
    close: () => standIn.close(),
  };
}
