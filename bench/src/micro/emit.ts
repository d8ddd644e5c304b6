/**
 * What one `logger.emit()` costs the application, in ns: with a processor that does nothing (the floor), with ours and
 * with the SDK's batch processor, each over an exporter that answers SUCCESS at once.
 *
 * "emit" is the time within the calls, "total" includes what drains the queue on the same thread. A steady load pauses
 * after every few records, as a server does between requests; a burst emits all of them at once. "onEmit alone" has the
 * same records again and again, so that it is free of what the SDK allocates and of most garbage collection.
 */
import { setImmediate as nextMacrotask } from 'node:timers/promises';

import { type Logger, ROOT_CONTEXT } from '@opentelemetry/api';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import type { LogRecordExporter, LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { HybridLogRecordProcessor } from '@spillway/processors';

import { median } from '../median.ts';

const RECORDS_PER_ROUND = 20_000;
const ROUNDS = 40;
const WARM_UP_ROUNDS = 10;
/** Records between two pauses. */
const LOADS = { steady: 100, burst: RECORDS_PER_ROUND };

const BODY =
  'GET /api/v1/orders/8f14e45f-ceea-467f-a0e6-5b2d1c8a9b3e handled in 12 ms by worker 3 of 8, cache hit ratio 0.93'
    .padEnd(110, '.')
    .slice(0, 110);

const exporter: LogRecordExporter = {
  export: (_records, onResult) => onResult({ code: 0 }),
  shutdown: async () => {},
  forceFlush: async () => {},
};

const subjects: Record<string, () => LogRecordProcessor> = {
  'no-op processor': () => ({ onEmit: () => {}, shutdown: async () => {}, forceFlush: async () => {} }),
  HybridLogRecordProcessor: () => new HybridLogRecordProcessor({ exporter }),
  BatchLogRecordProcessor: () => new BatchLogRecordProcessor({ exporter, maxQueueSize: 65_536 }),
};

interface Round {
  readonly emitNanos: number;
  readonly totalNanos: number;
}

function emitOnce(logger: Logger, index: number): void {
  logger.emit({
    severityNumber: 9,
    severityText: 'INFO',
    body: BODY,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/api/v1/orders/:id',
      'http.response.status_code': 200,
      'user.id': index,
      duration_ms: 12.5,
      'cache.hit': true,
    },
  });
}

/** Nanoseconds per record. */
const perRecord = (millis: number): number => (millis * 1e6) / RECORDS_PER_ROUND;

async function runRound(provider: LoggerProvider, logger: Logger, recordsPerPause: number): Promise<Round> {
  const begin = performance.now();
  let emitMillis = 0;
  for (let first = 0; first < RECORDS_PER_ROUND; first += recordsPerPause) {
    const emitBegin = performance.now();
    for (let index = first; index < first + recordsPerPause; index += 1) emitOnce(logger, index);
    emitMillis += performance.now() - emitBegin;
    await nextMacrotask();
  }
  await provider.forceFlush();
  return { emitNanos: perRecord(emitMillis), totalNanos: perRecord(performance.now() - begin) };
}

async function measure(load: keyof typeof LOADS): Promise<void> {
  const contenders = Object.entries(subjects).map(([name, create]) => {
    const provider = new LoggerProvider({ processors: [create()] });
    return { name, provider, logger: provider.getLogger('bench'), rounds: [] as Round[] };
  });
  // Taking turns, so that whatever else the machine does hits all of them alike.
  for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round += 1) {
    for (const { provider, logger, rounds } of contenders) {
      const result = await runRound(provider, logger, LOADS[load]);
      if (round >= WARM_UP_ROUNDS) rounds.push(result);
    }
  }
  let floor: number | undefined;
  for (const { name, provider, rounds } of contenders) {
    const emit = median(rounds.map(({ emitNanos }) => emitNanos));
    const total = median(rounds.map(({ totalNanos }) => totalNanos));
    floor ??= emit;
    const columns = [load, name.padEnd(26), `emit ${emit.toFixed(0)}`, `(+${(emit - floor).toFixed(0)})`];
    console.log(...columns, `total ${total.toFixed(0)}`);
    await provider.shutdown();
  }
}

console.log(`ns per record, median of ${ROUNDS} rounds of ${RECORDS_PER_ROUND} records`);
await measure('steady');
await measure('burst');
measureAlone();

function measureAlone(): void {
  const records: ReadWriteLogRecord[] = [];
  const collector: LogRecordProcessor = {
    onEmit: (record) => void records.push(record),
    shutdown: async () => {},
    forceFlush: async () => {},
  };
  const logger = new LoggerProvider({ processors: [collector] }).getLogger('bench');
  for (let index = 0; index < 500; index += 1) emitOnce(logger, index);
  const processor = new HybridLogRecordProcessor({ exporter });
  const rounds = Array.from({ length: 2000 }, () => {
    const begin = performance.now();
    for (const record of records) processor.onEmit(record, ROOT_CONTEXT);
    const nanos = ((performance.now() - begin) * 1e6) / records.length;
    processor.flushSync(1000);
    return nanos;
  });
  console.log(`onEmit alone, HybridLogRecordProcessor ${median(rounds).toFixed(0)}`);
  void processor.shutdown();
}
