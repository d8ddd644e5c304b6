/** How a connection is doing. */
export type LiveTailState =
  /** A request is under way. `attempt` is 1 for the first, and grows until a connection lasts. */
  | { readonly status: 'connecting'; readonly attempt: number }
  /**
   * Records come. `restarted` says that the server is not the one of the last connection: it has started again, and what
   * was logged at its end may be missing.
   */
  | { readonly status: 'open'; readonly epoch: string; readonly restarted: boolean }
  /** The next request comes in `delayMillis`. */
  | { readonly status: 'waiting'; readonly attempt: number; readonly delayMillis: number; readonly reason: string }
  /** Over for good: by `close()` or the signal, or because the server refuses this token or this address. */
  | {
      readonly status: 'closed';
      readonly cause: 'closed' | 'unauthorized' | 'forbidden';
      readonly reason: string;
    };
