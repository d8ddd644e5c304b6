import { type Context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { LoggerProvider, type LogRecordExporter, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  BurstDropLogRecordProcessor,
  FanOutLogRecordProcessor,
  HybridLogRecordProcessor,
  RingBufferLogRecordProcessor,
  SamplingLogRecordProcessor,
} from '@spillway/processors';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

/** Everything in the order that the README recommends, over an exporter that fails now and then. */
class Stages {
  readonly exported: ReadableLogRecord[] = [];
  /** What the next exports are answered with. */
  readonly answers: boolean[] = [];
  readonly #exporter: LogRecordExporter = {
    export: (records, answer) => {
      const isTaken = this.answers.shift() ?? true;
      if (isTaken) this.exported.push(...records);
      answer({ code: isTaken ? 0 : 1 });
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  readonly hybrid = new HybridLogRecordProcessor({
    exporter: this.#exporter,
    maxQueueSize: 40,
    maxExportBatchSize: 10,
    disableFlushOnBeforeExit: true,
    onDrop: () => this.expectClosed(),
  });
  readonly sampling = new SamplingLogRecordProcessor({
    delegate: this.hybrid,
    ratio: 0.5,
    pressure: () => this.hybrid.pressure(),
  });
  readonly burstDrop = new BurstDropLogRecordProcessor({
    delegate: this.sampling,
    firstThenEvery: { first: 2, thereafter: 5, intervalMillis: 100 },
    maxKeys: 4,
  });
  readonly recorder = new RingBufferLogRecordProcessor({
    delegate: this.burstDrop,
    holdBelowSeverity: 9,
    ttlMillis: 500,
    passThroughMillis: 50,
    maxRecords: 12,
    maxRecordsPerScope: 6,
    maxScopes: 3,
  });
  readonly fanOut = new FanOutLogRecordProcessor({ delegates: [this.recorder] });
  readonly #logger = new LoggerProvider({ processors: [this.fanOut] }).getLogger('stages');
  #emitted = 0;

  emit(severityNumber: number, traceIndex: number, text: string): void {
    const body = `${text} ${this.#emitted}`;
    this.#emitted += 1;
    this.#logger.emit({ severityNumber, body, context: inTrace(traceIndex) });
  }

  /** Every record emitted or made is in one place: dropped for a reason, held, or exported. */
  expectClosed(): void {
    const stages = [this.fanOut, this.recorder, this.burstDrop, this.sampling, this.hybrid];
    const ledgers = stages.map((stage) => stage.stats());
    let created = 0;
    let gone = 0;
    for (const { received, created: made, passed, droppedTotal, held } of ledgers) {
      expect(received + made).toBe(passed + droppedTotal + held);
      created += made;
      gone += droppedTotal + held;
    }
    const [first, ...others] = ledgers;
    expect(first?.received).toBe(this.#emitted);
    ledgers.slice(0, -1).forEach(({ passed }, index) => expect(others[index]?.received).toBe(passed));
    expect(this.#emitted + created).toBe(gone + this.hybrid.stats().passed);
  }
}

function inTrace(index: number): Context {
  if (index === 0) return ROOT_CONTEXT;
  const traceId = `0af7651916cd43dd84${(index * 0x3f).toString(16).padStart(2, '0')}${'0'.repeat(12)}`;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: '00f067aa0ba902b7', traceFlags: 1 });
}

const emission = fc.record({
  kind: fc.constant('emit' as const),
  severity: fc.constantFrom(0, 5, 9, 13, 17),
  traceIndex: fc.integer({ min: 0, max: 4 }),
  text: fc.constantFrom('a line that is always the same and long', 'another line', 'a third'),
  times: fc.integer({ min: 1, max: 15 }),
});
const step = fc.oneof(
  { weight: 8, arbitrary: emission },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), millis: fc.integer({ min: 0, max: 700 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom<'flush' | 'flushSync' | 'release'>('flush', 'flushSync', 'release') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), exports: fc.integer({ min: 1, max: 4 }) }) },
);

test('whatever is emitted, flushed, released and refused, every record is in one place at every moment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const stages = new Stages();
      for (const action of steps) {
        if (action.kind === 'emit') {
          for (let time = 0; time < action.times; time += 1)
            stages.emit(action.severity, action.traceIndex, action.text);
        } else if (action.kind === 'pass') await vi.advanceTimersByTimeAsync(action.millis);
        else if (action.kind === 'flush') void stages.fanOut.forceFlush();
        else if (action.kind === 'flushSync') stages.fanOut.flushSync(10);
        else if (action.kind === 'release') stages.recorder.releaseAll();
        else if (action.kind === 'fail') {
          stages.answers.push(...Array.from({ length: action.exports }, () => false));
        }
        stages.expectClosed();
      }
      stages.answers.length = 0;
      const shutdown = stages.fanOut.shutdown({ timeoutMillis: 10_000 });
      await vi.advanceTimersByTimeAsync(10_000);
      await shutdown;
      stages.expectClosed();
      for (const stage of [stages.recorder, stages.burstDrop, stages.sampling, stages.hybrid]) {
        expect(stage.stats().held).toBe(0);
      }
      expect(stages.exported).toHaveLength(stages.hybrid.stats().passed);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test('an error brings what led to it, and the lines that were too many as one that counts them', async () => {
  const stages = new Stages();
  for (let index = 0; index < 3; index += 1) stages.emit(5, 4, `step ${index} of the request`);
  for (let index = 0; index < 4; index += 1) stages.emit(5, 3, `step ${index} of another request`);
  for (let index = 0; index < 30; index += 1) stages.emit(13, 4, 'a warning in a loop that never ends, it seems');
  stages.emit(17, 4, 'the request failed');
  await stages.fanOut.shutdown();
  const lines = stages.exported.map(({ body, attributes }) => [
    String(body).replace(/ \d+$/, ''),
    attributes['log.buffered'] ?? attributes['log_count'] ?? 0,
  ]);
  expect(lines).toEqual(
    expect.arrayContaining([
      ['step 0 of the request', true],
      ['step 2 of the request', true],
      ['the request failed', 0],
      ['a warning in a loop that never ends, it seems', 23],
    ]),
  );
  expect(stages.recorder.stats().dropped).toEqual({ shutdown: 4 });
  stages.expectClosed();
});
