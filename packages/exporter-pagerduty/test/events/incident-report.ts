import { type EventContext, resolveEventContext } from '../../src/events/event-context.ts';
import type { IncidentReport } from '../../src/events/incident-report.ts';
import { takeSample } from '../../src/incidents/take-sample.ts';
import { logRecord, SECONDS } from '../log-record.ts';

export const ROUTING_KEY: string = 'R'.repeat(32);
export const NOW: number = SECONDS * 1000;
export const NO_CONTEXT: EventContext = resolveEventContext({});

/** The state of an incident of one record. */
export function incidentReport(fields: Partial<IncidentReport> = {}): IncidentReport {
  return {
    dedupKey: 'spillway:payments:0123456789abcdef',
    rule: 'payments',
    severity: 'critical',
    summary: '[FATAL] checkout: no database',
    source: 'host-1',
    count: 1,
    suppressed: 0,
    firstSeenMillis: NOW,
    lastSeenMillis: NOW,
    samples: [takeSample(logRecord({ body: 'no database' }))],
    services: ['checkout'],
    instances: ['1'],
    ...fields,
  };
}
