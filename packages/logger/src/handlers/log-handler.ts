import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/**
 * Gets each record of a logger that stands alone. It may throw, and its promise may reject: that is reported, and costs
 * other handlers nothing. It may keep the record, and must not change it.
 */
export type LogHandler = (record: ReadableLogRecord) => void | Promise<void>;

/** A handler with something behind it that can be flushed and shut down, as `toHandler` makes it. */
export interface ExporterHandler {
  (record: ReadableLogRecord): Promise<void>;
  /** Flushes the exporter. May reject. */
  forceFlush(): Promise<void>;
  /** Shuts the exporter down. May reject. */
  shutdown(): Promise<void>;
}
