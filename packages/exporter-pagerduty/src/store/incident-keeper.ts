import type { ThrottledDiag } from '@spillway/core';
import { startTimer } from '@spillway/retry';

import { checkStoredState } from './check-stored-state.ts';
import type { IncidentStore, StoredState } from './incident-store.ts';

/** Counts that change all the time are saved this often: what a crash can cost is the end of a count. */
const SAVE_DELAY_MILLIS = 5000;

export interface IncidentKeeperOptions {
  readonly store: IncidentStore | undefined;
  /** What is to be saved now. */
  readonly state: () => StoredState;
  /** Takes over what an earlier process has left. */
  readonly adopt: (state: StoredState) => void;
  readonly diag: ThrottledDiag;
}

/** Keeps the state of incidents in a store, where there is one. Never throws: a store that fails costs what a restart would. */
export class IncidentKeeper {
  readonly #options: IncidentKeeperOptions;
  #cancelTimer: (() => void) | undefined;
  /** The save under way of a store that is asynchronous, and whether another one must follow. */
  #saving: Promise<void> | undefined;
  #isStale = false;
  /** Whether the store has said what it holds: nothing is saved over pages that were not read. */
  #isLoaded = false;
  #isSaved = false;
  #isClosed = false;

  constructor(options: IncidentKeeperOptions) {
    this.#options = options;
  }

  /** Whether the last state that was to be saved is in the store. */
  get isSaved(): boolean {
    return this.#isSaved;
  }

  /** Reads what an earlier process has left, at once where the store can. */
  load(): void {
    const { store } = this.#options;
    if (store === undefined) return;
    try {
      const state = store.load();
      if (isThenable(state)) this.#saving = this.#followLoad(state);
      else this.#adopt(state);
    } catch (error) {
      this.#onLoadFailed(error);
    }
  }

  /** Saves the state, within this call where the store can. */
  save(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const { store } = this.#options;
    if (store === undefined) return;
    this.#isSaved = false;
    if (this.#saving === undefined && !this.#isLoaded) this.load();
    if (this.#saving !== undefined) this.#isStale = true;
    else if (this.#isLoaded) this.#saveTo(store);
  }

  /** Saves the state within a few seconds. */
  saveSoon(): void {
    if (this.#options.store === undefined || this.#isClosed) return;
    this.#cancelTimer ??= startTimer(() => this.save(), SAVE_DELAY_MILLIS);
  }

  /** Saves the last state, and lets go of the store. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.save();
    while (this.#saving !== undefined) await this.#saving;
    try {
      await this.#options.store?.close?.();
    } catch (error) {
      this.#complain('close', error);
    }
  }

  #saveTo(store: IncidentStore): void {
    try {
      const saved = store.save(this.#options.state());
      if (isThenable(saved)) this.#saving = this.#follow(Promise.resolve(saved));
      else this.#isSaved = true;
    } catch (error) {
      this.#complain('save', error);
    }
  }

  #adopt(answer: unknown): void {
    this.#isLoaded = true;
    const { state, problem } = checkStoredState(answer);
    const { adopt, diag } = this.#options;
    if (problem !== undefined) diag.warn('state', `What the incident store had is not all right: ${problem}`);
    if (state !== undefined) adopt(state);
  }

  async #followLoad(loading: PromiseLike<unknown>): Promise<void> {
    try {
      this.#adopt(await loading);
    } catch (error) {
      this.#isStale = false;
      this.#onLoadFailed(error);
    }
    this.#endTurn();
  }

  /** Another process may have the store for a while, as in a rolling restart, and leave pages in it. */
  #onLoadFailed(error: unknown): void {
    this.#complain('load', error);
    this.saveSoon();
  }

  async #follow(saved: Promise<void>): Promise<void> {
    await saved.then(
      () => (this.#isSaved = !this.#isStale),
      (error: unknown) => this.#complain('save', error),
    );
    this.#endTurn();
  }

  /** What has changed meanwhile is saved next. */
  #endTurn(): void {
    this.#saving = undefined;
    if (!this.#isStale) return;
    this.#isStale = false;
    this.save();
  }

  #complain(what: 'load' | 'save' | 'close', error: unknown): void {
    this.#options.diag.error(
      what,
      `The incident store failed (${what}): what is open now is known to this process only`,
      error,
    );
  }
}

/** Promises of libraries and of other realms are none by `instanceof`. */
function isThenable<T>(answer: T | PromiseLike<T>): answer is PromiseLike<T> {
  return typeof answer === 'object' && answer !== null && typeof Reflect.get(answer, 'then') === 'function';
}
