/**
 * What one decision costs, in ns per record: `onEmit` of each processor that decides, over a delegate that does nothing,
 * beside the whole `logger.emit()` of the SDK with a processor that does nothing.
 *
 * All of them get the same 500 records again and again, so that no figure but the SDK's has the making of records in it.
 * They take turns, so that whatever else the machine does hits all of them alike. Machines differ: compare the part of
 * the SDK's `emit`, and mind what the clock costs, which burst drop and flight recorder read once for each record.
 */
import { type Context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { LoggerProvider, type LogRecordProcessor, type ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import {
  BurstDropLogRecordProcessor,
  FanOutLogRecordProcessor,
  RingBufferLogRecordProcessor,
  SamplingLogRecordProcessor,
} from '@spillway/processors';

const RECORDS = 500;
const PASSES_PER_ROUND = 4;
const ROUNDS = 500;
const WARM_UP_ROUNDS = 100;

const delegate: LogRecordProcessor = { onEmit: () => {}, forceFlush: async () => {}, shutdown: async () => {} };

interface Case {
  readonly name: string;
  readonly run: () => void;
}

function traceContext(index: number): Context {
  const traceId = ((BigInt(index + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % 2n ** 128n)
    .toString(16)
    .padStart(32, '0');
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: '00f067aa0ba902b7', traceFlags: 1 });
}

function emitAll(processor: LogRecordProcessor, contextOf: (index: number) => Context, eventName?: string): void {
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('bench');
  for (let index = 0; index < RECORDS; index += 1) {
    logger.emit({
      severityNumber: 9,
      severityText: 'INFO',
      body: `GET /api/v1/orders/8f14e45f-ceea handled in 12 ms by worker 3 of 8, cache hit ratio 0.93, order ${index}`,
      context: contextOf(index),
      ...(eventName !== undefined && { eventName }),
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
}

function makeRecords(contextOf: (index: number) => Context, eventName?: string): ReadWriteLogRecord[] {
  const records: ReadWriteLogRecord[] = [];
  emitAll({ ...delegate, onEmit: (record) => void records.push(record) }, contextOf, eventName);
  return records;
}

const traced = makeRecords(traceContext);
const untraced = makeRecords(() => ROOT_CONTEXT);
const events = makeRecords(traceContext, 'order.handled');

const decision = (name: string, processor: LogRecordProcessor, records: readonly ReadWriteLogRecord[]): Case => ({
  name,
  run: () => {
    for (const record of records) processor.onEmit(record, ROOT_CONTEXT);
  },
});

const nothing = 2 ** -40;
const nearlyAll = 1 - 2 ** -20;
const endless = { first: Number.MAX_SAFE_INTEGER, thereafter: 0, intervalMillis: 1000 };
const none = { first: 1, thereafter: 0, intervalMillis: 3_600_000 };

function readClock(): void {
  for (let index = 0; index < RECORDS; index += 1) performance.now();
}

const cases: readonly Case[] = [
  { name: 'SDK: logger.emit(), no-op processor', run: () => emitAll(delegate, () => ROOT_CONTEXT) },
  { name: 'performance.now()', run: readClock },
  decision('sampling, ratio 1: pass', new SamplingLogRecordProcessor({ delegate }), traced),
  decision('sampling by trace: drop', new SamplingLogRecordProcessor({ delegate, ratio: nothing }), traced),
  decision('sampling by trace: keep', new SamplingLogRecordProcessor({ delegate, ratio: nearlyAll }), traced),
  decision('sampling by chance: drop', new SamplingLogRecordProcessor({ delegate, ratio: nothing }), untraced),
  decision('sampling by chance: keep', new SamplingLogRecordProcessor({ delegate, ratio: nearlyAll }), untraced),
  decision('burst, event name: pass', new BurstDropLogRecordProcessor({ delegate, firstThenEvery: endless }), events),
  decision('burst, event name: drop', new BurstDropLogRecordProcessor({ delegate, firstThenEvery: none }), events),
  decision('burst, body hashed: pass', new BurstDropLogRecordProcessor({ delegate, firstThenEvery: endless }), traced),
  decision('burst, body hashed: drop', new BurstDropLogRecordProcessor({ delegate, firstThenEvery: none }), traced),
  decision('burst, rate (GCRA): drop', new BurstDropLogRecordProcessor({ delegate, rate: { perSecond: 1 } }), traced),
  decision('flight recorder: hold, by trace', new RingBufferLogRecordProcessor({ delegate }), traced),
  decision('flight recorder: hold, one ring', new RingBufferLogRecordProcessor({ delegate }), untraced),
  decision('fan-out to 1', new FanOutLogRecordProcessor({ delegates: [delegate] }), traced),
  decision(
    'fan-out to 3',
    new FanOutLogRecordProcessor({ delegates: [delegate, { ...delegate }, { ...delegate }] }),
    traced,
  ),
];

const samples = cases.map((): number[] => []);
for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round += 1) {
  cases.forEach(({ run }, index) => {
    const begin = performance.now();
    for (let pass = 0; pass < PASSES_PER_ROUND; pass += 1) run();
    const nanos = ((performance.now() - begin) * 1e6) / (PASSES_PER_ROUND * RECORDS);
    if (round >= WARM_UP_ROUNDS) samples[index]?.push(nanos);
  });
}

const medians = samples.map((some) => some.toSorted((a, b) => a - b)[some.length >> 1] ?? Number.NaN);
const [emitNanos = Number.NaN] = medians;
console.log(`ns per record, and part of emit; median of ${ROUNDS} rounds of ${PASSES_PER_ROUND * RECORDS} records`);
cases.forEach(({ name }, index) => {
  const nanos = medians[index] ?? Number.NaN;
  console.log(
    `${name.padEnd(36)}${nanos.toFixed(0).padStart(6)}${((100 * nanos) / emitNanos).toFixed(1).padStart(7)} %`,
  );
});
