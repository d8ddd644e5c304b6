/** How the incidents of a rule behave over time; all times are in milliseconds. {@link AlertRule} documents each. */
export interface IncidentPolicy {
  /** Name of the rule. */
  readonly name: string;
  readonly threshold: number;
  readonly thresholdWindowMillis: number;
  readonly groupWaitMillis: number;
  readonly updateIntervalMillis: number;
  readonly repeatIntervalMillis: number;
  readonly resolveAfterMillis: number;
  readonly minOpenMillis: number;
}
