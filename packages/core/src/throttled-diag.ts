import { diag, type DiagLogger } from '@opentelemetry/api';

import { onOneLine } from './excerpt.ts';
import { withTracingSuppressed } from './tracing-suppression.ts';

/** One message per this many milliseconds and key: often enough to be seen, seldom enough to drown nothing. */
const DEFAULT_INTERVAL_MILLIS = 30_000;

/** Keys remembered at once; callers use fixed texts, so this is only a guard. */
const MAX_KEYS = 100;

/** Of an error's name and message, which may quote what a server answered. */
const MAX_ERROR_CHARACTERS = 1024;

export interface ThrottledDiagOptions {
  /** Name of the component, as OTel's diagnostics show it, such as `@spillway/exporter-loki`. */
  readonly namespace: string;
  /** Shortest time between two messages of one key, in milliseconds. @defaultValue 30000 */
  readonly intervalMillis?: number;
  /** Monotonic clock in milliseconds. @defaultValue performance.now */
  readonly now?: () => number;
}

type Level = 'error' | 'warn' | 'info';

interface KeyState {
  lastAt: number;
  suppressed: number;
}

/**
 * OTel diagnostics that cannot flood: each key speaks at most once per interval, and says how often it was silent.
 * Never throws: a diagnostics logger of the application that does is ignored.
 */
export class ThrottledDiag {
  readonly #logger: DiagLogger;
  readonly #intervalMillis: number;
  readonly #now: () => number;
  readonly #keys = new Map<string, KeyState>();

  constructor(options: ThrottledDiagOptions) {
    const { namespace, intervalMillis = DEFAULT_INTERVAL_MILLIS, now = () => performance.now() } = options;
    this.#logger = diag.createComponentLogger({ namespace });
    this.#intervalMillis = intervalMillis;
    this.#now = now;
  }

  error(key: string, text: string, error?: unknown): void {
    this.#say('error', key, text, error);
  }

  warn(key: string, text: string, error?: unknown): void {
    this.#say('warn', key, text, error);
  }

  info(key: string, text: string, error?: unknown): void {
    this.#say('info', key, text, error);
  }

  /** Whether a message of this key would be shown now: for callers whose text is costly to build. */
  isDue(key: string): boolean {
    const state = this.#keys.get(key);
    return state === undefined || this.#now() - state.lastAt >= this.#intervalMillis;
  }

  /** Forgets a key, so that its next message is shown: what was wrong has ended, and may begin anew. */
  reset(key: string): void {
    this.#keys.delete(key);
  }

  #say(level: Level, key: string, text: string, error: unknown): void {
    try {
      const state = this.#keys.get(key);
      if (state !== undefined && !this.isDue(key)) {
        state.suppressed += 1;
        return;
      }
      if (state === undefined && this.#keys.size >= MAX_KEYS) this.#keys.clear();
      this.#keys.set(key, { lastAt: this.#now(), suppressed: 0 });
      const repeated = state !== undefined && state.suppressed > 0 ? ` (${state.suppressed} more like this)` : '';
      const message = `${text}${describe(error)}${repeated}`;
      // A diagnostics logger that is bridged to OTel logs must not make records of what goes wrong with records.
      withTracingSuppressed(() => this.#logger[level](message));
    } catch {
      // Diagnostics are the last resort: there is nobody left to tell.
    }
  }
}

/** Name and message only: a stack or a cause can hold what must not be logged. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return onOneLine(`: ${error.name}: ${error.message}`.slice(0, MAX_ERROR_CHARACTERS));
}
