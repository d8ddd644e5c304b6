import type { Answer } from './answer.ts';
import type { AlertEvent } from './event.ts';
import type { PagerDutyStandIn } from './pager-duty-stand-in.ts';

export const ROUTING_KEY = '0123456789abcdef0123456789ABCDEF';
export const OTHER_ROUTING_KEY = 'fedcba9876543210fedcba9876543210';

/** Sends a body to a stand-in, as it is: nothing is corrected. */
export async function post(
  standIn: PagerDutyStandIn,
  body: string | Uint8Array,
  { path = '/v2/enqueue', headers = { 'content-type': 'application/json' } } = {},
): Promise<Answer> {
  const response = await fetch(standIn.url + path, { method: 'POST', headers, body: Buffer.from(body) });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** Sends an alert event. */
export function send(standIn: PagerDutyStandIn, event: object): Promise<Answer> {
  return post(standIn, JSON.stringify(event));
}

/** Sends a change event. */
export function sendChange(standIn: PagerDutyStandIn, event: object): Promise<Answer> {
  return post(standIn, JSON.stringify(event), { path: '/v2/change/enqueue' });
}

/** A trigger that is right, with all fields that there are. */
export const FULL_TRIGGER: AlertEvent = {
  routing_key: ROUTING_KEY,
  event_action: 'trigger',
  dedup_key: 'disk/db-1',
  payload: {
    summary: 'Disk of db-1 is full',
    source: 'db-1',
    severity: 'critical',
    timestamp: '2026-11-21T12:00:00.123Z',
    component: 'postgres',
    group: 'prod',
    class: 'disk',
    custom_details: { free: 0, 'load avg': 0.75 },
  },
  images: [{ src: 'https://example.com/disk.png', href: 'https://example.com/', alt: 'Disk' }],
  links: [{ href: 'http://example.com/runbook', text: 'Runbook' }],
  client: 'Spillway',
  client_url: 'https://example.com/',
};

/** A trigger with nothing but what there must be, and a key. */
export function trigger(dedupKey: string, summary = 'It is broken', routingKey = ROUTING_KEY): AlertEvent {
  const payload = { summary, source: 'db-1', severity: 'error' } as const;
  return { routing_key: routingKey, event_action: 'trigger', dedup_key: dedupKey, payload };
}

export function acknowledge(dedupKey: string, routingKey = ROUTING_KEY): AlertEvent {
  return { routing_key: routingKey, event_action: 'acknowledge', dedup_key: dedupKey };
}

export function resolve(dedupKey: string, routingKey = ROUTING_KEY): AlertEvent {
  return { routing_key: routingKey, event_action: 'resolve', dedup_key: dedupKey };
}
