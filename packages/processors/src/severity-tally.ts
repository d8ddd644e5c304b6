import { SEVERITY_NAMES, severityIndex, type SeverityName } from '@spillway/core';

/** Numbers of records by severity; severities that did not occur are absent. */
export type SeverityCounts = Readonly<Partial<Record<SeverityName, number>>>;

/** Counts records by the range of their severity. Adding allocates nothing. */
export class SeverityTally {
  readonly #counts: number[] = SEVERITY_NAMES.map(() => 0);

  add(severityNumber: unknown): void {
    const index = severityIndex(severityNumber);
    this.#counts[index] = (this.#counts[index] as number) + 1;
  }

  snapshot(): SeverityCounts {
    const counts: Partial<Record<SeverityName, number>> = {};
    SEVERITY_NAMES.forEach((name, index) => {
      const count = this.#counts[index] as number;
      if (count > 0) counts[name] = count;
    });
    return counts;
  }
}
