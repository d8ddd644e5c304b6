import type { Backend } from './backend.ts';
import { pause } from './pace.ts';
import type { Plan } from './plan.ts';

/** Takes the backend away for the planned time. Resolves when it is back, or will not be taken away any more. */
export async function playOutage(
  { outageStartMillis, outageMillis }: Plan,
  backend: Backend,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<void> {
  await pause(outageStartMillis, signal);
  if (signal.aborted) return;
  note(backend.outage.begins);
  await backend.beginOutage();
  await pause(outageMillis, signal);
  await backend.endOutage();
  note(backend.outage.ends);
}
