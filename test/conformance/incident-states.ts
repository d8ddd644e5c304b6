import type { StoredIncident, StoredState } from '@spillway/exporter-pagerduty';

const INCIDENTS = 50;
const SAMPLES = 5;
const NOW_MILLIS = 1_700_000_000_000;

export function storedIncident(index: number, count: number, bodyCharacters = 400): StoredIncident {
  return {
    dedupKey: `spillway:errors:${index}`,
    rule: 'errors',
    severity: 'error',
    summary: `ERROR shop: payment ${index} failed`,
    source: 'shop-1',
    keyText: `errors shop ${index}`,
    state: 'open',
    route: 'primary',
    dueMillis: NOW_MILLIS,
    openedMillis: NOW_MILLIS,
    firstSeenMillis: NOW_MILLIS,
    lastSeenMillis: NOW_MILLIS + count,
    lastSentMillis: NOW_MILLIS,
    count,
    countSent: 1,
    samples: Array.from({ length: SAMPLES }, (_, sample) => ({
      timeMillis: NOW_MILLIS + sample,
      severityNumber: 17,
      body: `payment ${index} failed: `.padEnd(bodyCharacters, 'the gateway does not answer, '),
      attributes: { 'http.route': '/pay', 'http.response.status_code': 502, tags: ['a', 'b'] },
      traceId: '0123456789abcdef0123456789abcdef',
      spanId: '0123456789abcdef',
    })),
    services: ['shop'],
    instances: ['shop-1'],
    recentOpens: [NOW_MILLIS],
  };
}

/** A state of the size that an incident storm leaves. Each of its incidents has this count, so that a mixture of two shows. */
export function stormState(count: number, bodyCharacters?: number): StoredState {
  const incidents = Array.from({ length: INCIDENTS }, (_, index) => storedIncident(index, count, bodyCharacters));
  return { schema: 1, instanceId: 'replica-1', incidents };
}
