import type { Account } from './account.ts';

/** A run at one moment. */
export interface Status {
  readonly elapsedMillis: number;
  /** Whether Loki is taken away at present. */
  readonly isOut: boolean;
  /** How Loki is, in a word. */
  readonly lokiState: string;
  readonly account: Account;
  readonly requestsSucceeded: number;
  readonly requestsFailed: number;
}

/** A run at its end. */
export interface Result {
  readonly account: Account;
  /** Emitted records with severity ERROR and above. */
  readonly severe: number;
  /** Most records that the exporter held at once. */
  readonly maxHeld: number;
  readonly requestsSucceeded: number;
  readonly requestsFailed: number;
  /** What Loki was asked for in the end. */
  readonly selector: string;
  /** Lines that Loki gave back, or why it could not be asked. */
  readonly readBack: number | Error;
  /** How often the account was checked on the way. */
  readonly checks: number;
  /** How many of these checks found records that were nowhere, or in two places. */
  readonly failedChecks: number;
}
