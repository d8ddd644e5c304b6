import type { OutboxConnection } from './outbox-connection.ts';
import type { SessionClaims } from './session-claims.ts';

export interface PageOutboxOptions {
  readonly databaseName: string;
  readonly maxBytes: number;
  readonly maxAgeMillis: number;
}

/** What a page is to its outbox. */
export interface PageOutboxSurroundings {
  readonly claims: (connection: OutboxConnection) => SessionClaims;
  /** A name that nobody else has. */
  readonly newSession: () => string;
  /** Calls back when nothing here may run from now on; answers how to stop that. */
  readonly onAway: (callback: () => void) => () => void;
  /** Calls back when the page is back, or was not away at all. */
  readonly onActive: (callback: () => void) => () => void;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** Wall clock in milliseconds. */
  readonly epochNow: () => number;
  readonly onExpired: (count: number) => void;
  readonly onProblem: (text: string, error: unknown) => void;
}
