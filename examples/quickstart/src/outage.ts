import { pause } from './pace.ts';
import type { Plan } from './plan.ts';
import type { Relay } from './relay.ts';

/** Cuts the way to Loki for the planned time. Resolves when it is open again, or will not be cut any more. */
export async function playOutage(
  { outageStartMillis, outageMillis }: Plan,
  relay: Relay,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<void> {
  await pause(outageStartMillis, signal);
  if (signal.aborted) return;
  note('The way to Loki is cut: its port refuses connections');
  await relay.close();
  await pause(outageMillis, signal);
  await relay.open();
  note('The way to Loki is open again');
}
