import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { vi } from 'vitest';

/** A call of a method other than `onEmit`. */
export interface StubCall {
  /** When it came, on the clock that `performance.now()` shows. */
  readonly at: number;
  readonly method: 'forceFlush' | 'shutdown' | 'flushSync';
  readonly timeoutMillis: number | undefined;
}

type Budget = { readonly timeoutMillis?: number } | undefined;

/** A processor that keeps what it gets, and does besides what the test says. */
export class StubProcessor implements LogRecordProcessor {
  readonly records: ReadWriteLogRecord[] = [];
  readonly calls: StubCall[] = [];
  whenEmitted: (record: ReadWriteLogRecord) => unknown = () => {};
  whenAsked: () => unknown = () => true;
  whenFlushed: () => unknown = () => {};
  whenShutDown: () => unknown = () => {};
  whenFlushedSync: () => unknown = () => {};

  constructor(behaviour: Partial<StubProcessor> = {}) {
    Object.assign(this, behaviour);
  }

  get bodies(): unknown[] {
    return this.records.map(({ body }) => body);
  }

  get methods(): string[] {
    return this.calls.map(({ method }) => method);
  }

  onEmit(record: ReadWriteLogRecord): void {
    this.records.push(record);
    return this.whenEmitted(record) as void;
  }

  enabled(): boolean {
    return this.whenAsked() as boolean;
  }

  async forceFlush(options?: Budget): Promise<void> {
    this.#note('forceFlush', options?.timeoutMillis);
    await this.whenFlushed();
  }

  async shutdown(options?: Budget): Promise<void> {
    this.#note('shutdown', options?.timeoutMillis);
    await this.whenShutDown();
  }

  flushSync(deadlineMillis: number): void {
    this.#note('flushSync', deadlineMillis);
    return this.whenFlushedSync() as void;
  }

  #note(method: StubCall['method'], timeoutMillis: number | undefined): void {
    this.calls.push({ at: performance.now(), method, timeoutMillis });
  }
}

export const throwing = (): never => {
  throw new TypeError('bug');
};
export const rejecting = (): Promise<never> => Promise.reject(new TypeError('bug'));
export const never = (): Promise<never> => new Promise(() => {});
/** Takes its time. */
export const taking = (millis: number) => (): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

const trap = (): never => {
  throw new Error('trap');
};
/** Throws whatever is done to it. */
export const hostileProxy: object = new Proxy(
  {},
  { get: trap, has: trap, set: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap },
);

/** Time stands still but for the test, beginning at 0. */
export const fakeTime = (): void =>
  void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'], now: 0 });

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass, and everything happen that it brings. */
export async function pass(millis: number): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(millis);
  await settle();
}

/** When a promise resolves, on the clock that `performance.now()` shows. */
export function settledAt(promise: Promise<unknown>): { at: number | undefined } {
  const state: { at: number | undefined } = { at: undefined };
  const onSettled = (): void => void (state.at = performance.now());
  promise.then(onSettled, () => void (state.at = Number.NaN));
  return state;
}
