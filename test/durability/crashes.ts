import type { Ending } from './child.ts';
import type { Place } from './place.ts';
import { runAll } from './pool.ts';
import { linesOf, type Scene } from './scene.ts';

const CRASH_FLUSH_MILLIS = 5000;

export interface Crash {
  readonly task: string;
  readonly place: Place;
  readonly name: string;
  readonly decorators?: string;
}

/** Runs an application that logs one fatal record and crashes. */
function crash(scene: Scene, told: Crash): Promise<Ending> {
  return scene.start('ending-script.ts', { ...told, crashFlushMillis: CRASH_FLUSH_MILLIS }).ended;
}

/** Lets applications crash, a few at a time. Answers the codes that they exited with, each once. */
export async function crashAll(scene: Scene, crashes: readonly Crash[]): Promise<(number | null)[]> {
  const endings = await runAll(crashes.map((one) => () => crash(scene, one)));
  return [...new Set(endings.map(({ code }) => code))];
}

export function times(count: number, told: Omit<Crash, 'name'>): Crash[] {
  return Array.from({ length: count }, (_, index) => ({ ...told, name: `run-${index}` }));
}

/** The one line of each. */
export function firstLines(crashes: readonly Crash[]): string[] {
  return crashes.flatMap(({ name }) => linesOf(name, 1));
}
