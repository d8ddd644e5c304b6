/**
 * What a Loki refuses, and where. Names and defaults follow `limits_config`, `server`, `ingester` and `grpc` of
 * https://grafana.com/docs/loki/latest/configure/ (read 2026-11-21). A limit of 0 means "no limit" where Loki says so.
 */
export interface LokiLimits {
  /** Size of a line, in bytes. 0 lifts the limit. @defaultValue 262144 */
  readonly maxLineBytes: number;
  /** Labels per stream, `service_name` not counted. @defaultValue 15 */
  readonly maxLabelNamesPerSeries: number;
  /** @defaultValue 1024 */
  readonly maxLabelNameBytes: number;
  /** @defaultValue 2048 */
  readonly maxLabelValueBytes: number;
  /** Names and values of one line's structured metadata together. 0 lifts the limit. @defaultValue 65536 */
  readonly maxMetadataBytes: number;
  /** Pairs of structured metadata per line. 0 lifts the limit. @defaultValue 128 */
  readonly maxMetadataEntries: number;
  /** @defaultValue true */
  readonly allowStructuredMetadata: boolean;
  /** Bytes per second and tenant. @defaultValue 4194304 */
  readonly ingestionRateBytes: number;
  /** Bytes a tenant may send at once; a larger request is refused for ever. @defaultValue 6291456 */
  readonly ingestionBurstBytes: number;
  /** Bytes per second and stream. @defaultValue 3145728 */
  readonly streamRateBytes: number;
  /** @defaultValue 15728640 */
  readonly streamBurstBytes: number;
  /** Streams per tenant. 0 lifts the limit. @defaultValue 5000 */
  readonly maxStreams: number;
  /** Older lines are refused. Infinity accepts any age. @defaultValue 604800000 (7 days) */
  readonly rejectOldMillis: number;
  /** Lines further ahead of the clock are refused. @defaultValue 600000 (10 minutes) */
  readonly creationGraceMillis: number;
  /** How far a line may lie behind the newest of its stream: half of `max_chunk_age`. @defaultValue 3600000 (1 hour) */
  readonly outOfOrderWindowMillis: number;
  /** Largest message between distributor and ingester, in bytes of protobuf. @defaultValue 4194304 */
  readonly maxGrpcMessageBytes: number;
  /** Largest body as sent. @defaultValue 104857600 (100 MiB) */
  readonly maxBodyBytes: number;
  /** Largest body once decompressed. @defaultValue 5242880000 (5000 MiB) */
  readonly maxDecompressedBytes: number;
  /** Failed entries quoted in one answer. @defaultValue 10 */
  readonly maxReturnedErrors: number;
  /** Labels that become `service_name` where none is given, in this order. None turns it off. */
  readonly discoverServiceName: readonly string[];
  /** Adds `detected_level`. @defaultValue true */
  readonly discoverLogLevels: boolean;
  /** How deep levels are looked for in a line of JSON. 0 means any depth. @defaultValue 2 */
  readonly levelMaxJsonDepth: number;
  /** Names that hold a level, in order of precedence. */
  readonly levelFields: readonly string[];
  /** Ingestion is blocked until this time (milliseconds since 1970). @defaultValue 0 (not blocked) */
  readonly blockIngestionUntilMillis: number;
  /** Status answered while ingestion is blocked. 200 means: no error, nothing stored. @defaultValue 260 */
  readonly blockIngestionStatus: number;
  /** Lines a query may ask for. @defaultValue 5000 */
  readonly maxQueryEntries: number;
}

const MIB = 1024 * 1024;

/** Loki's own defaults at commit 65e30f84 (2026-08-22). */
export const LOKI_DEFAULT_LIMITS: LokiLimits = {
  maxLineBytes: 256 * 1024,
  maxLabelNamesPerSeries: 15,
  maxLabelNameBytes: 1024,
  maxLabelValueBytes: 2048,
  maxMetadataBytes: 64 * 1024,
  maxMetadataEntries: 128,
  allowStructuredMetadata: true,
  ingestionRateBytes: 4 * MIB,
  ingestionBurstBytes: 6 * MIB,
  streamRateBytes: 3 * MIB,
  streamBurstBytes: 15 * MIB,
  maxStreams: 5000,
  rejectOldMillis: 7 * 24 * 3600 * 1000,
  creationGraceMillis: 10 * 60 * 1000,
  outOfOrderWindowMillis: 3600 * 1000,
  maxGrpcMessageBytes: 4 * MIB,
  maxBodyBytes: 100 * MIB,
  maxDecompressedBytes: 5000 * MIB,
  maxReturnedErrors: 10,
  discoverServiceName: [
    'service',
    'app',
    'application',
    'app_name',
    'name',
    'app_kubernetes_io_name',
    'container',
    'container_name',
    'k8s_container_name',
    'component',
    'workload',
    'job',
    'k8s_job_name',
  ],
  discoverLogLevels: true,
  levelMaxJsonDepth: 2,
  levelFields: [
    'level',
    'LEVEL',
    'Level',
    'log.level',
    'severity',
    'SEVERITY',
    'Severity',
    'SeverityText',
    'lvl',
    'LVL',
    'Lvl',
    'severity_text',
    'Severity_Text',
    'SEVERITY_TEXT',
  ],
  blockIngestionUntilMillis: 0,
  blockIngestionStatus: 260,
  maxQueryEntries: 5000,
};
