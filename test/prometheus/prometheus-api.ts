/** What Prometheus' HTTP API answers. @see https://prometheus.io/docs/prometheus/latest/querying/api/ (read 2026-11-21) */

export interface ApiSample {
  readonly metric: Readonly<Record<string, string>>;
  /** Time in seconds, and the value as a text. */
  readonly value: readonly [number, string];
}

export interface ApiExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
  /** In seconds. */
  readonly timestamp: number;
}

export interface ApiTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: 'up' | 'down' | 'unknown';
  /** Why the last scrape failed; empty where it did not. */
  readonly lastError: string;
}
