import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** What `encode` has to know; {@link LokiLogRecordExporterOptions} documents each. */
export interface EncodeOptions {
  /** Attributes that become labels beside the usual ones. */
  readonly labels: readonly string[];
  /** Streams per hour that extra labels may make. */
  readonly maxStreams: number;
  /** Size of a request, uncompressed. */
  readonly maxRequestBytes: number;
  /** Whether each line says which version of the mapping made it. */
  readonly schemaVersion: boolean;
  /** Tenant of all records, or of each. */
  readonly tenantId: string | ((record: ReadableLogRecord) => string | undefined) | undefined;
}
