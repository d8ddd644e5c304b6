/** A line that Loki has. */
export interface ArrivedLine {
  readonly timeMillis: number;
  readonly severity: string;
  readonly line: string;
  /** What else there is to say of it: what was clicked, what kind of error it was. */
  readonly detail: string;
  /** How many equal ones came one after the other. */
  readonly count: number;
}

/** What has arrived in Loki, from all pages. */
export interface Arrivals {
  /** When the server was started: it knows of nothing from before. */
  readonly sinceMillis: number;
  readonly isAway: boolean;
  readonly total: number;
  readonly byPageView: Readonly<Record<string, number>>;
  /** A few of the lines, the last one first. */
  readonly newest: readonly ArrivedLine[];
}

/** Asks the server, which knows also while Loki is away. @throws where the server does not answer */
export async function fetchArrivals(): Promise<Arrivals> {
  const response = await fetch('/backend/arrivals');
  return (await response.json()) as Arrivals;
}

/** Makes Loki go away, or come back. */
export async function setAway(isAway: boolean): Promise<void> {
  await fetch('/backend/away', { method: isAway ? 'PUT' : 'DELETE' });
}
