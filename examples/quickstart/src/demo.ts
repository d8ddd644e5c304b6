import { randomUUID } from 'node:crypto';

import { logs } from '@opentelemetry/api';

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
import { planRun } from './plan.ts';
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

  const telemetry = startTelemetry(source.serviceName, instanceId, backend.exporterOptions);
  const logger = new CountingLogger(logs.getLogger(source.serviceName));
  const monitor = new Monitor({ logger, telemetry, backend });
  const note = (text: string): void => display.note(text, monitor.elapsedMillis);
  showDiagnostics(note);
  interrupted.addEventListener('abort', () => note('Interrupted: what is held is still delivered'));
  display.begin(
    `Spillway quickstart: ${source.description} logs to ${backend.description}.\n` +
      `${formatSeconds(plan.endMillis)} of traffic; after ${formatSeconds(plan.outageStartMillis)} an outage of ${formatSeconds(plan.outageMillis)}.`,
  );
  monitor.start((status) => display.update(status));
  try {
    const ending = AbortSignal.any([interrupted, AbortSignal.timeout(plan.endMillis)]);
    await Promise.all([source.run(logger, ending), playOutage(plan, backend, ending, note)]);
    // A shutdown flushes as well, but must not take long. Here nothing hurries.
    await telemetry.recorder.forceFlush();
    await telemetry.provider.shutdown();
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
      selector,
      readBack: await readBack(backend.url, selector, startedAtMillis, status.account.delivered),
    };
  } finally {
    monitor.stop();
    await backend.close();
  }
}

async function openSource({ file, seconds, rate }: Settings): Promise<Source> {
  if (file !== undefined) return LogFile.open(file, seconds, rate);
  return new OrderTraffic(rate ?? REQUESTS_PER_SECOND);
}
