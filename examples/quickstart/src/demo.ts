import { randomUUID } from 'node:crypto';

import { logs, SeverityNumber } from '@opentelemetry/api';

import type { Settings } from './arguments.ts';
import { openBackend } from './backend.ts';
import { CountingLogger } from './counting-logger.ts';
import { showDiagnostics } from './diagnostics.ts';
import type { Display } from './display.ts';
import { formatSeconds } from './format.ts';
import { LogFile } from './log-file.ts';
import { readBack } from './loki-query.ts';
import { Monitor } from './monitor.ts';
import { OrderTraffic } from './order-traffic.ts';
import { playOutage } from './outage.ts';
import { awaitVisit } from './page-visit.ts';
import { type Plan, planRun } from './plan.ts';
import type { Source } from './source.ts';
import type { Result } from './status.ts';
import { startTelemetry } from './telemetry.ts';

const REQUESTS_PER_SECOND = 400;

/** Traffic, an outage, recovery, and the account of it all. `interrupted` ends the traffic early. */
export async function runDemo(settings: Settings, display: Display, interrupted: AbortSignal): Promise<Result> {
  const startedAtMillis = Date.now();
  const plan = planRun(settings.seconds);
  const source = await openSource(settings);
  const backend = await openBackend(settings.lokiUrl);
  // An ID of its own tells the records of this run from all others, in a Loki that is shared.
  const instanceId = randomUUID().slice(0, 8);
  const selector = `{service_name="${source.serviceName}", service_instance_id="${instanceId}"}`;

  const { provider, components } = startTelemetry({
    ...process.env,
    OTEL_SERVICE_NAME: source.serviceName,
    SERVICE_INSTANCE_ID: instanceId,
    LOKI_URL: backend.relay.url.href,
  });
  const { live_tail: liveTail } = components;
  const logger = new CountingLogger(logs.getLogger(source.serviceName));
  const monitor = new Monitor({ logger, components, relay: backend.relay });
  const note = (text: string): void => display.note(text, monitor.elapsedMillis);
  // On the page as well, and in Loki: the outage is a part of the story that the logs tell.
  const tell = (text: string): void => {
    note(text);
    logger.emit({ severityNumber: SeverityNumber.WARN, severityText: 'WARN', body: text });
  };
  showDiagnostics(note);
  interrupted.addEventListener('abort', () => note('Interrupted: what is held is still delivered'));
  display.begin(titleOf(await liveTail.listening(), settings, plan, [source.description, backend.description]));
  try {
    await awaitVisit(() => liveTail.stats().clients.connected, settings.waitSeconds * 1000, interrupted);
    monitor.start((status) => display.update(status));
    const ending = AbortSignal.any([interrupted, AbortSignal.timeout(plan.endMillis)]);
    await Promise.all([source.run(logger, ending), playOutage(plan, backend.relay, ending, tell)]);
    // A shutdown flushes as well, but must not take long. Here nothing hurries.
    await components.fan_out.forceFlush();
    await provider.shutdown();
    const status = monitor.look();
    monitor.stop();
    display.update(status);
    display.end();
    return {
      ...status,
      severe: logger.severe,
      maxHeld: monitor.maxHeld,
      checks: monitor.checks,
      failedChecks: monitor.failedChecks,
      livePage: monitor.livePage,
      selector,
      readBack: await readBack(backend.url, selector, startedAtMillis, status.account.delivered),
    };
  } finally {
    monitor.stop();
    await backend.close();
  }
}

/** What is about to happen. The address comes first: who opens it sees the rest. */
function titleOf(
  address: string,
  { waitSeconds }: Settings,
  plan: Plan,
  [source, backend]: readonly [string, string],
): string {
  const { endMillis, outageStartMillis, outageMillis } = plan;
  const lines = [
    `Live page: ${address}`,
    `Spillway quickstart: ${source} logs to ${backend}.`,
    `${formatSeconds(endMillis)} of traffic; after ${formatSeconds(outageStartMillis)} the way to Loki is cut for ${formatSeconds(outageMillis)}.`,
  ];
  if (waitSeconds > 0) lines.push(`The traffic begins when the page is open, in ${waitSeconds} s at the latest.`);
  return lines.join('\n');
}

async function openSource({ file, seconds, rate }: Settings): Promise<Source> {
  if (file !== undefined) return LogFile.open(file, seconds, rate);
  return new OrderTraffic(rate ?? REQUESTS_PER_SECOND);
}
