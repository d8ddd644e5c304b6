/** Fields of a log record that become metadata, as bits of a mask: which of them a record has. */
export const OBSERVED_TIMESTAMP = 1;
export const SEVERITY_NUMBER = 2;
export const SEVERITY_TEXT = 4;
export const DROPPED_ATTRIBUTES_COUNT = 8;
export const FLAGS = 16;
export const TRACE_ID = 32;
export const SPAN_ID = 64;
export const EVENT_NAME = 128;

/** @see https://github.com/grafana/loki/blob/main/pkg/loghttp/push/otlplabels/labels.go (read 2026-11-21) */
export const BUILTIN_FIELDS: ReadonlyMap<string, number> = new Map([
  ['observed_timestamp', OBSERVED_TIMESTAMP],
  ['severity_number', SEVERITY_NUMBER],
  ['severity_text', SEVERITY_TEXT],
  ['dropped_attributes_count', DROPPED_ATTRIBUTES_COUNT],
  ['flags', FLAGS],
  ['trace_id', TRACE_ID],
  ['span_id', SPAN_ID],
  ['event_name', EVENT_NAME],
]);
