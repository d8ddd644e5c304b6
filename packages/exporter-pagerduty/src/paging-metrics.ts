import type { Attributes, Meter } from '@opentelemetry/api';

import type { PagerDutyExporterStats } from './pagerduty-log-record-exporter.ts';

/** Our own names: the semantic conventions have none for paging. */
const PREFIX = 'spillway.exporter.pagerduty';

/** What is counted, and how a value of it is told from others. */
type Values = readonly (readonly [value: number, attributes?: Attributes])[];

/** How paging goes as metrics, read when they are collected. */
export function observePaging(meter: Meter, component: Attributes, stats: () => PagerDutyExporterStats): void {
  const counter = (name: string, unit: string, values: (stats: PagerDutyExporterStats) => Values): void =>
    meter.createObservableCounter(`${PREFIX}.${name}`, { unit }).addCallback((result) => {
      for (const [value, attributes] of values(stats())) result.observe(value, { ...component, ...attributes });
    });
  const state = (name: string, unit: string, value: (stats: PagerDutyExporterStats) => number): void =>
    meter.createObservableUpDownCounter(`${PREFIX}.${name}`, { unit }).addCallback((result) => {
      result.observe(value(stats()), component);
    });
  counter('record.matched', '{log_record}', ({ matched }) => [[matched]]);
  counter('event.sent', '{event}', ({ pages, changes, updatesSent, resolvesSent }) => [
    [pages.passed, { kind: 'page' }],
    [updatesSent, { kind: 'update' }],
    [resolvesSent, { kind: 'resolve' }],
    [changes.passed, { kind: 'change' }],
  ]);
  counter('event.dropped', '{event}', ({ pages, changes }) => [
    ...dropped('page', pages.dropped),
    ...dropped('change', changes.dropped),
  ]);
  counter('request.failed', '{request}', ({ requestsFailed }) => [[requestsFailed]]);
  state('page.held', '{event}', ({ pages }) => pages.held);
  state('incident.open', '{incident}', ({ openIncidents }) => openIncidents);
}

function dropped(kind: string, byReason: Readonly<Record<string, number>>): Values {
  return Object.entries(byReason).map(([reason, count]) => [count, { kind, reason }] as const);
}
