import type { Delivery } from '@spillway/delivery';
import { onTestFinished, vi } from 'vitest';

/** Lets waiting input and output happen; fake timers leave it alone. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Waits for a condition that input or output brings about; the test's timeout ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}

/** Stops the clocks and timers that our code reads; sockets go on. */
export function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Moves the stopped time on, running what is due. */
export async function pass(millis: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(millis);
}

/** Moves the stopped time on to the next request; no timer of that request fires. */
export async function passToRequest(delivery: Delivery): Promise<void> {
  for (let i = 0; i < 1000 && delivery.stats().requestsInFlight === 0; i += 1) await pass(100);
}

/** Waits until no request is under way. */
export function answered(delivery: Delivery): Promise<void> {
  return until(() => delivery.stats().requestsInFlight === 0);
}
