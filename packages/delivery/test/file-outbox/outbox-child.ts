import { writeSync } from 'node:fs';

import { SqliteOutbox } from '../../src/file-outbox/sqlite-outbox.ts';
import { numberedPayload } from './numbered-payload.ts';

// A program that uses an outbox, and says what it meets.
// - kill: puts so many payloads, and is killed.
// - try: puts so many payloads, and ends.
// - full: puts payloads until one is refused, removes them, and puts half as many.
// - share: opens and closes outboxes, puts and takes over, and says the number of each payload that it removes.
const [, , directory = '', mode, count] = process.argv;
const outbox = new SqliteOutbox({ directory }, { onProblem: (text) => say(`problem: ${text}`) });

function say(text: string): void {
  writeSync(1, `${text}\n`);
}

function putUpTo(last: number): number {
  for (let number = 1; number <= last; number += 1) {
    try {
      outbox.put(number, numberedPayload(number, 20_000));
    } catch (error) {
      say(`refused ${(error as Error).name}: ${(error as Error).message}`);
      return number - 1;
    }
  }
  return last;
}

function isReadable(last: number): boolean {
  return Array.from({ length: last }, (_, index) => outbox.read(index + 1).takenAtMillis === index + 1).every(Boolean);
}

/** Puts three payloads, takes over what there is, and removes half of all. */
function share(firstNumber: number): void {
  const shared = new SqliteOutbox({ directory }, { onProblem: (text) => say(`problem: ${text}`) });
  const everything = { accepts: () => true, maxBytes: Infinity, maxPayloads: Infinity, isEmpty: true };
  const ids = shared.adopt(everything).map(({ id }) => id);
  for (let number = firstNumber; number < firstNumber + 3; number += 1) {
    shared.put(number, numberedPayload(number));
    ids.push(number);
  }
  for (const id of ids.slice(0, ids.length / 2)) {
    say(String(shared.read(id).takenAtMillis));
    shared.remove(id);
  }
  shared.close();
}

if (mode === 'full') {
  const first = putUpTo(Infinity);
  say(`readable ${isReadable(first)}`);
  for (let number = 1; number <= first; number += 1) outbox.remove(number);
  const second = putUpTo(Math.floor(first / 2));
  say(`again ${second === Math.floor(first / 2) && isReadable(second)}`);
  for (let number = 1; number <= second; number += 1) outbox.remove(number);
  outbox.close();
} else if (mode === 'share') {
  for (let round = 0; round < 30; round += 1) share(Number(count) * 1000 + round * 3);
} else {
  say(`put ${putUpTo(Number(count))}`);
  if (mode === 'kill') process.kill(process.pid, 'SIGKILL');
  outbox.close();
}
