/**
 * An application that exports in bursts and says what it exports, and up to where the exporter has answered for it, until
 * it is killed. So many turns of the event loop after each burst as the random numbers of its seed say.
 */
import { seededRandom } from '../stand-in/seeded-random.ts';
import { readOptions } from './application-options.ts';
import { makeRecords, openExporter } from './exporting.ts';
import { tell } from './talk.ts';

const MAX_BURST = 20;
const MAX_TURNS = 30;
const MAX_UNANSWERED = 4;

const options = readOptions();
const random = seededRandom(options.seed ?? 0);
let emitted = 0;
const unanswered = new Set<number>();

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function exportBurst(first: number, end: number): void {
  const bodies = Array.from({ length: end - first }, (_, index) => `${options.name} ${first + index}`);
  tell(`emitted ${first} ${end}`);
  unanswered.add(first);
  exporter.export(makeRecords(bodies), ({ error }) => {
    unanswered.delete(first);
    tell(error === undefined ? `stored ${first} ${end}` : 'failed');
  });
}

tell('started');
const exporter = openExporter(options);
for (;;) {
  const first = emitted;
  emitted += 1 + Math.floor(random() * MAX_BURST);
  exportBurst(first, emitted);
  for (let turns = random() * MAX_TURNS; turns > 0; turns -= 1) await nextTurn();
  while (unanswered.size > MAX_UNANSWERED) await nextTurn();
}
