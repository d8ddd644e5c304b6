/**
 * What a Loki refuses by default. Operators can change each of these; a refusal by a stricter one is counted, not hidden.
 * @see https://grafana.com/docs/loki/latest/configure/#limits_config (read 2026-11-21; edges measured on a Loki of August 2026)
 */

/** Longest line, in bytes. */
export const MAX_LINE_BYTES = 262_144;

/** Most labels of a stream, `service_name` not counted. */
export const MAX_LABELS = 15;

/** Longest name of a label, in bytes. */
export const MAX_LABEL_NAME_BYTES = 1024;

/** Longest value of a label, in bytes. */
export const MAX_LABEL_VALUE_BYTES = 2048;

/** Most pairs of structured metadata on one line. */
export const MAX_METADATA_PAIRS = 128;

/** Names and values of one line's structured metadata together, in bytes. */
export const MAX_METADATA_BYTES = 65_536;

/** Oldest line accepted. */
export const MAX_AGE_MILLIS: number = 7 * 24 * 60 * 60 * 1000;

/** How far ahead of Loki's clock a line may be. */
export const MAX_AHEAD_MILLIS: number = 10 * 60 * 1000;
