import type { Account } from './account.ts';

/** A run at one moment. */
export interface Status {
  readonly elapsedMillis: number;
  /** Whether the way to Loki is cut at present. */
  readonly isOut: boolean;
  readonly account: Account;
  readonly requestsSucceeded: number;
  readonly requestsFailed: number;
}

/** What the live page got. It has an account of its own: nobody has to look, and who looks may miss records. */
export interface LivePage {
  /** Records that it was offered. */
  readonly evaluated: number;
  /** Records sent, to all who looked together. */
  readonly sent: number;
  /** Records that gave way to later ones, because a browser was slow. */
  readonly missed: number;
  /** Most who looked at once. */
  readonly visitors: number;
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
  readonly livePage: LivePage;
  /** What Loki was asked for in the end. */
  readonly selector: string;
  /** Lines that Loki gave back, or why it could not be asked. */
  readonly readBack: number | Error;
  /** How often the account was checked on the way. */
  readonly checks: number;
  /** How many of these checks found records that were nowhere, or in two places. */
  readonly failedChecks: number;
}
