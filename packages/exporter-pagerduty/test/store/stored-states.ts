import type { RecordSample } from '../../src/incidents/record-sample.ts';
import type { StoredIncident, StoredState } from '../../src/store/incident-store.ts';

export const SAMPLE: RecordSample = { timeMillis: 1_700_000_000_000, severityNumber: 21, body: 'out of memory' };

export const INCIDENT: StoredIncident = {
  dedupKey: 'spillway:fatal:0123456789abcdef',
  rule: 'fatal',
  severity: 'critical',
  summary: 'FATAL shop: out of memory',
  source: 'shop-1',
  keyText: 'fatal shop',
  state: 'open',
  route: 'primary',
  dueMillis: 1_700_000_000_000,
  openedMillis: 1_700_000_000_100,
  firstSeenMillis: 1_700_000_000_000,
  lastSeenMillis: 1_700_000_060_000,
  lastSentMillis: 1_700_000_000_100,
  count: 12,
  countSent: 1,
  samples: [SAMPLE],
  services: ['shop'],
  instances: ['shop-1'],
  recentOpens: [1_700_000_000_100],
};

export function stateOf(...incidents: readonly StoredIncident[]): StoredState {
  return { schema: 1, instanceId: 'replica-1', incidents };
}
