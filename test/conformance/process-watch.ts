import { expect } from 'vitest';

const LISTENED_EVENTS = ['beforeExit', 'exit', 'SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection'] as const;

/** Names of what keeps the process alive, and of events of the process that are listened to. */
function readState(): string[] {
  const listened = LISTENED_EVENTS.flatMap((event) => process.listeners(event as 'exit').map(() => event));
  return [...process.getActiveResourcesInfo(), ...listened];
}

/** What is there now and was not before. What has gone since belonged to the test runner. */
function addedTo(before: readonly string[]): string[] {
  const left = [...before];
  return readState().filter((name) => {
    const index = left.indexOf(name);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** Lets everything happen that needs no time: many turns of the event loop, each with its microtasks. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Runs a whole life of a component and expects that it leaves nothing behind: no handle that keeps the process alive,
 * no listener of the process, no unhandled rejection.
 */
export async function expectNothingLeft(life: () => Promise<void>): Promise<void> {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  try {
    await settle();
    const before = readState();
    await life();
    await settle();
    expect(addedTo(before)).toEqual([]);
    expect(rejections).toEqual([]);
  } finally {
    process.removeListener('unhandledRejection', onRejection);
  }
}
