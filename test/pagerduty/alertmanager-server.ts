import { join } from 'node:path';

import { ConfiguredProgram, launchProgram } from '../real-programs/configured-program.ts';

const ALERTS_PER_REQUEST = 1000;

/** What is posted to Alertmanager. @see https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** In the past for an alert that is over. @defaultValue five minutes after Alertmanager has heard of it last */
  readonly endsAt?: string;
}

/** How alerts go to PagerDuty. */
export interface PagerDutyRoute {
  /** Address that takes alert events. */
  readonly url: string;
  readonly routingKey: string;
  /** Labels whose values tell incidents apart; `...` for all labels. */
  readonly groupBy: readonly string[];
  /** How long the first alert of a group waits for more. @defaultValue 100ms */
  readonly groupWait?: string;
  /** How long after an event the next one of its group may follow. @defaultValue 300ms */
  readonly groupInterval?: string;
  /** Further members of `pagerduty_configs`. @defaultValue none */
  readonly receiver?: Readonly<Record<string, unknown>>;
}

/** A group as Alertmanager tells of it. */
interface AlertGroup {
  readonly alerts: readonly unknown[];
}

/** A real Alertmanager of this machine that pages through PagerDuty, in a folder of its own. */
export class AlertmanagerServer extends ConfiguredProgram {
  static async launch(route: PagerDutyRoute): Promise<AlertmanagerServer> {
    const launched = await launchProgram({
      command: 'prometheus-alertmanager',
      configuration: configuration(route),
      arguments: ({ folder, file, address }) => [
        `--config.file=${file}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        `--web.external-url=http://${address}`,
        // No other Alertmanager is looked for.
        '--cluster.listen-address=',
      ],
    });
    return new AlertmanagerServer(launched);
  }

  /** @throws Error where Alertmanager does not take them */
  async post(alerts: readonly Alert[]): Promise<void> {
    for (let start = 0; start < alerts.length; start += ALERTS_PER_REQUEST) {
      const response = await fetch(`${this.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts.slice(start, start + ALERTS_PER_REQUEST)),
      });
      if (!response.ok) throw new Error(`Alertmanager took no alerts: ${await response.text()}`);
    }
  }

  /** How many groups there are, and how many alerts they have. */
  async groups(): Promise<{ readonly groups: number; readonly alerts: number }> {
    const response = await fetch(`${this.url}/api/v2/alerts/groups`);
    const groups = (await response.json()) as readonly AlertGroup[];
    return { groups: groups.length, alerts: groups.reduce((sum, { alerts }) => sum + alerts.length, 0) };
  }

  /** How many events Alertmanager has given up, as refused for good or not answered in time. */
  async givenUp(): Promise<number> {
    const response = await fetch(`${this.url}/metrics`);
    const page = await response.text();
    const found = /^alertmanager_notifications_failed_total\{integration="pagerduty"\} (.+)$/m.exec(page);
    if (found === null) throw new Error('Alertmanager does not tell what it has given up');
    return Number(found[1]);
  }
}

function configuration({
  url,
  routingKey,
  groupBy,
  groupWait = '100ms',
  groupInterval = '300ms',
  receiver = {},
}: PagerDutyRoute): object {
  return {
    route: {
      receiver: 'pagerduty',
      group_by: groupBy,
      group_wait: groupWait,
      group_interval: groupInterval,
      repeat_interval: '1h',
    },
    receivers: [{ name: 'pagerduty', pagerduty_configs: [{ url, routing_key: routingKey, ...receiver }] }],
  };
}
