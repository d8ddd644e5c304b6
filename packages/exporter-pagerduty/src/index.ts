export type { Redact } from './events/apply-redaction.ts';
export type { LinkTemplate } from './events/links.ts';
export type {
  ChangeEvent,
  PagerDutyEvent,
  PagerDutyLink,
  PagerDutyPayload,
  PagerDutySeverity,
  ResolveEvent,
  TriggerEvent,
} from './events/pagerduty-event.ts';
export type { RecordSample } from './incidents/record-sample.ts';
export type { PagerDutyLogRecordExporterOptions } from './pagerduty-exporter-options.ts';
export { type PagerDutyExporterStats, PagerDutyLogRecordExporter } from './pagerduty-log-record-exporter.ts';
export type { AlertRule, ChangeRule, FingerprintOrigin, PagerDutyRule, RecordField } from './rules/pagerduty-rule.ts';
export { FileIncidentStore, fileIncidentStore, type FileIncidentStoreOptions } from './store/file-incident-store.ts';
export { IncidentStoreError } from './store/incident-store-error.ts';
export type { IncidentStore, StoredIncident, StoredState } from './store/incident-store.ts';
