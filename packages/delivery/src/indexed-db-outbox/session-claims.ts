/** The right to send what a session has put, which one page has at a time. */
export interface Claim {
  /** Whether it still is ours: neither given up nor lost. */
  readonly isHeld: boolean;
  /**
   * Gives it up, before this returns, so that others can have it even where the page is frozen right after. Resolves when
   * they can; never rejects.
   */
  release(): Promise<void>;
}

/** How pages of an origin agree on who sends what. */
export interface SessionClaims {
  /** Undefined where somebody has it; whoever has it does not ask. Rejects where that cannot be told. */
  claim(session: string): Promise<Claim | undefined>;
  /** Those of some sessions that nobody has. */
  free(sessions: readonly string[]): Promise<string[]>;
}
