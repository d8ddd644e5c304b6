/** When things happen in a run, in milliseconds since its start. */
export interface Plan {
  readonly endMillis: number;
  readonly outageStartMillis: number;
  readonly outageMillis: number;
}

/** The outage comes when the flow is steady and ends early enough for the recovery to be seen. */
export function planRun(seconds: number): Plan {
  const endMillis = seconds * 1000;
  return { endMillis, outageStartMillis: endMillis / 5, outageMillis: Math.min(5000, endMillis / 3) };
}
