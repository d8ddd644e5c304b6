/** What an incident is called, of the record that opened it. */
export interface IncidentHeadline {
  readonly summary: string;
  readonly source: string;
  readonly component?: string | undefined;
  readonly group?: string | undefined;
  readonly class?: string | undefined;
}
