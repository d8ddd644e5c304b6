import { poll } from '../real-programs/poll.ts';
import { type Alert, AlertmanagerServer } from './alertmanager-server.ts';
import { ROUTING_KEY } from './event-client.ts';
import type { Severity } from './event.ts';
import { PagerDutyStandIn } from './pager-duty-stand-in.ts';
import type { StormRecord } from './storm.ts';

/** Ten thousand groups take Alertmanager a while, where it has to share a core. */
const WAIT_MILLIS = 60_000;

const ALL_LABELS: readonly string[] = ['...'];

/**
 * How often a real Alertmanager pages for a storm whose records become alerts. Calls are not limited: what counts is how
 * often somebody is woken, not how long that takes. Ten thousand groups take it some 15 s on two cores.
 * @param groupBy labels whose values tell incidents apart. @defaultValue all: type of the error, severity and message
 */
export async function alertmanagerPages(
  storm: readonly StormRecord[],
  groupBy: readonly string[] = ALL_LABELS,
): Promise<number> {
  const pagerDuty = new PagerDutyStandIn({ callLimit: Number.POSITIVE_INFINITY });
  await pagerDuty.start();
  try {
    return await pagesThrough(pagerDuty, storm.map(alertOf), groupBy);
  } finally {
    await pagerDuty.close();
  }
}

async function pagesThrough(
  pagerDuty: PagerDutyStandIn,
  alerts: readonly Alert[],
  groupBy: readonly string[],
): Promise<number> {
  const server = await AlertmanagerServer.launch({
    url: `${pagerDuty.url}/v2/enqueue`,
    routingKey: ROUTING_KEY,
    groupBy,
    // Nothing is over while a storm lasts, and what is added to an incident is no page.
    groupInterval: '1h',
    receiver: {
      severity: '{{ .CommonLabels.severity }}',
      description: '{{ (index .Alerts 0).Labels.message }}',
    },
  });
  try {
    await server.post(alerts);
    const groups = await groupsOf(server, alerts);
    await poll('A page for each group', async () => (pagerDuty.pages() < groups ? undefined : true), WAIT_MILLIS);
    return pagerDuty.pages();
  } finally {
    await server.close();
  }
}

/** How many groups these alerts are in, once Alertmanager has sorted all of them. */
async function groupsOf(server: AlertmanagerServer, alerts: readonly Alert[]): Promise<number> {
  const distinct = new Set(alerts.map(({ labels }) => JSON.stringify(labels))).size;
  return poll(
    'The grouping of all alerts',
    async () => {
      const found = await server.groups();
      return found.alerts === distinct ? found.groups : undefined;
    },
    WAIT_MILLIS,
  );
}

/** The alert of a record: what is always the same of a failure, and its message, are labels. */
function alertOf({ severityNumber, body, attributes }: StormRecord): Alert {
  const alertname = String(attributes['exception.type'] ?? 'Error');
  return { labels: { alertname, severity: severityOf(severityNumber), message: body } };
}

function severityOf(severityNumber: number): Severity {
  if (severityNumber >= 21) return 'critical';
  if (severityNumber >= 17) return 'error';
  return severityNumber >= 13 ? 'warning' : 'info';
}
