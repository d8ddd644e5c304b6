/**
 * Nanoseconds per push+shift pair of the queues of `@spillway/buffer`, beside an array's.
 * Run: node --conditions=dev bench/src/micro/buffer.ts
 */
import { BoundedQueue, ClientBuffer, type OverflowPolicy, RingBuffer } from '@spillway/buffer';

const HELD = 100_000;
const PAIRS = 2_000_000;
const ROUNDS = 7;

interface Candidate {
  readonly name: string;
  /** Fewer for what would take minutes. */
  readonly pairs?: number;
  /** Makes a queue that holds `HELD` items; one step adds an item and takes one away. */
  readonly prepare: () => (index: number) => void;
}

const item = { body: 'a log record' };
/** TRACE to ERROR, mixed as they may be in an application; 16, so that picking one costs next to nothing. */
const severities = [9, 9, 5, 9, 13, 9, 9, 17, 9, 9, 1, 9, 9, 5, 9, 9];

function prepareQueue(overflow: OverflowPolicy, severityOf: (index: number) => number, isFull: boolean) {
  return () => {
    const queue = new BoundedQueue<object>({ maxSize: HELD + (isFull ? 0 : 1), maxBytes: 2 ** 40, overflow });
    for (let index = 0; index < HELD; index += 1) queue.push(item, 100, severityOf(index));
    return (index: number): void => {
      queue.push(item, 100, severityOf(index));
      // A full queue takes an item away by itself.
      if (!isFull) queue.shift();
    };
  };
}

const ignore = (): void => {};
const oneSeverity = (): number => 9;
const mixedSeverities = (index: number): number => severities[index & 15] ?? 9;

const candidates: readonly Candidate[] = [
  {
    name: 'RingBuffer',
    prepare: () => {
      const ring = new RingBuffer<object>(HELD + 1);
      for (let index = 0; index < HELD; index += 1) ring.push(item);
      return () => {
        ring.push(item);
        ring.shift();
      };
    },
  },
  {
    name: 'RingBuffer, full',
    prepare: () => {
      const ring = new RingBuffer<object>(HELD);
      for (let index = 0; index < HELD; index += 1) ring.push(item);
      return () => void ring.push(item);
    },
  },
  { name: 'BoundedQueue drop-oldest', prepare: prepareQueue('drop-oldest', oneSeverity, false) },
  {
    name: 'BoundedQueue drop-least-severe, 1 severity',
    prepare: prepareQueue('drop-least-severe', oneSeverity, false),
  },
  {
    name: 'BoundedQueue drop-least-severe, 5 severities',
    prepare: prepareQueue('drop-least-severe', mixedSeverities, false),
  },
  { name: 'BoundedQueue drop-oldest, full', prepare: prepareQueue('drop-oldest', oneSeverity, true) },
  {
    name: 'BoundedQueue drop-least-severe, 5 severities, full',
    prepare: prepareQueue('drop-least-severe', mixedSeverities, true),
  },
  {
    name: 'ClientBuffer, flushed by the thousand',
    prepare: () => {
      const buffer = new ClientBuffer<object>({ maxSize: HELD });
      return (index) => {
        buffer.enqueue(item, ignore, 100);
        if (index % 1000 === 999) void buffer.flush();
      };
    },
  },
  {
    name: 'ClientBuffer, full',
    prepare: () => {
      const buffer = new ClientBuffer<object>({ maxSize: HELD, maxBytes: 2 ** 40 });
      for (let index = 0; index < HELD; index += 1) buffer.enqueue(item, ignore, 100);
      return () => buffer.enqueue(item, ignore, 100);
    },
  },
  {
    name: 'Array push and shift',
    pairs: 20_000,
    prepare: () => {
      const array: object[] = Array.from({ length: HELD }, () => item);
      return () => {
        array.push(item);
        array.shift();
      };
    },
  },
];

/** The fastest round: the others were disturbed by something else. */
function measure({ prepare, pairs = PAIRS }: Candidate): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const step = prepare();
    const start = performance.now();
    for (let index = 0; index < pairs; index += 1) step(index);
    best = Math.min(best, ((performance.now() - start) * 1e6) / pairs);
  }
  return best;
}

const results = candidates.map((candidate) => ({ name: candidate.name, nanos: measure(candidate) }));
const reference = results.at(-1)?.nanos ?? Number.NaN;

console.log(`${HELD} held, Node ${process.version}`);
for (const { name, nanos } of results) {
  const ratio = (nanos / reference).toPrecision(2);
  console.log(`${name.padEnd(52)} ${nanos.toFixed(1).padStart(9)} ns per pair, ${ratio} x array`);
}
