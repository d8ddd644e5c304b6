import type { Place } from './place.ts';

/** What an application in a process of its own is told, as JSON in its first argument. */
export interface ApplicationOptions {
  readonly url: string;
  readonly place: Place;
  readonly directory: string;
  /** What its records are called by. */
  readonly name: string;
  /** What it does, of what its script can do. */
  readonly task: string;
  /** How often, or how many. */
  readonly count?: number;
  /** Processors in front of the one that exports. @defaultValue none */
  readonly decorators?: string;
  /** Whether it flushes when it crashes, and for how long. @defaultValue not at all */
  readonly crashFlushMillis?: number;
  readonly seed?: number;
}

export function readOptions(): ApplicationOptions {
  return JSON.parse(process.argv[2] as string) as ApplicationOptions;
}
