import { type Context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import {
  BurstDropLogRecordProcessor,
  HybridLogRecordProcessor,
  RingBufferLogRecordProcessor,
  SamplingLogRecordProcessor,
} from '@spillway/processors';
import { describe, expect, it, onTestFinished } from 'vitest';

import { LokiStandIn } from '../loki/index.ts';
import { GENEROUS_LIMITS } from './pipeline.ts';

const DEBUG = 5;
const INFO = 9;
const WARN = 13;
const ERROR = 17;

/** The same digits for the same number, spread over all of them. */
function inTrace(index: number): Context {
  const digits = ((BigInt(index + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % 2n ** 128n).toString(16);
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: digits.padStart(32, '0'),
    spanId: '00f067aa0ba902b7',
    traceFlags: 1,
  });
}

/** All stages before a Loki, and the sum over them. */
class Stages {
  readonly loki = new LokiStandIn(GENEROUS_LIMITS);
  readonly exporter: LokiLogRecordExporter;
  readonly hybrid: HybridLogRecordProcessor;
  readonly sampling: SamplingLogRecordProcessor;
  readonly burstDrop: BurstDropLogRecordProcessor;
  readonly recorder: RingBufferLogRecordProcessor;
  readonly provider: LoggerProvider;
  #emitted = 0;

  private constructor(loki: LokiStandIn) {
    this.loki = loki;
    const backoff = { delayMillis: (attempt: number): number => Math.min(5 * attempt, 50) };
    this.exporter = new LokiLogRecordExporter({ url: loki.url, backoff });
    this.hybrid = new HybridLogRecordProcessor({ exporter: this.exporter });
    this.sampling = new SamplingLogRecordProcessor({ delegate: this.hybrid, severityRatios: { INFO: 0.5 } });
    this.burstDrop = new BurstDropLogRecordProcessor({
      delegate: this.sampling,
      severities: ['WARN'],
      firstThenEvery: { first: 5, thereafter: 0, intervalMillis: 60_000 },
    });
    this.recorder = new RingBufferLogRecordProcessor({ delegate: this.burstDrop, holdBelowSeverity: INFO });
    this.provider = new LoggerProvider({ processors: [this.recorder] });
  }

  static async start(): Promise<Stages> {
    const loki = new LokiStandIn(GENEROUS_LIMITS);
    await loki.start();
    const stages = new Stages(loki);
    onTestFinished(async () => {
      await stages.recorder.shutdown({ timeoutMillis: 1000 });
      await loki.close();
    });
    return stages;
  }

  /** A request of a service: it fails where its number is a multiple of ten, after it has warned in a loop. */
  emitRequest(index: number): void {
    const isFailing = index % 10 === 0;
    this.#emit(DEBUG, index, `step of request ${index}`);
    if (isFailing)
      for (let attempt = 0; attempt < 10; attempt += 1) this.#emit(WARN, index, 'nobody answers, trying again');
    this.#emit(isFailing ? ERROR : INFO, index, `end of request ${index}`);
  }

  /** Fails unless every record emitted or made is delivered, dropped for a reason or held, in exactly one place. */
  expectAccounted(): void {
    const ledgers = [this.recorder, this.burstDrop, this.sampling, this.hybrid, this.exporter].map((stage) =>
      stage.stats(),
    );
    let created = 0;
    let gone = this.exporter.stats().passed;
    for (const ledger of ledgers) {
      created += ledger.created;
      gone += ledger.droppedTotal + ledger.held;
    }
    expect(gone).toBe(this.#emitted + created);
  }

  #emit(severityNumber: number, index: number, body: string): void {
    this.#emitted += 1;
    this.provider.getLogger('stages').emit({ severityNumber, body, context: inTrace(index) });
  }
}

describe('from emit to Loki through all stages', () => {
  it('stores what the stages decide for, once, through an outage, and accounts for the rest', async () => {
    const stages = await Stages.start();
    for (let index = 0; index < 300; index += 1) stages.emitRequest(index);
    await stages.recorder.forceFlush();
    await stages.loki.refuseConnections();
    for (let index = 300; index < 900; index += 1) {
      stages.emitRequest(index);
      if (index % 100 === 0) await stages.recorder.forceFlush({ timeoutMillis: 20 });
      stages.expectAccounted();
    }
    await stages.loki.acceptConnections();
    for (let index = 900; index < 1000; index += 1) stages.emitRequest(index);
    while (stages.exporter.stats().held > 0) await stages.recorder.forceFlush();
    await stages.recorder.shutdown();
    stages.expectAccounted();
    const { recorder, burstDrop, sampling, hybrid, exporter, loki } = stages;
    expect([hybrid.stats().droppedTotal, exporter.stats().droppedTotal]).toEqual([0, 0]);
    const entries = [...loki.entries()];
    expect(entries).toHaveLength(exporter.stats().passed);
    const lines = entries.map(({ line }) => line);
    for (let index = 0; index < 1000; index += 10) {
      expect(lines).toContain(`end of request ${index}`);
      expect(lines).toContain(`step of request ${index}`);
    }
    expect(lines.filter((line) => line.startsWith('step')).length).toBe(recorder.stats().released);
    expect(recorder.stats().dropped).toEqual({ shutdown: 900 });
    const suppressed = entries.map(({ metadata }) => Number(metadata['log_count'] ?? 0));
    expect(suppressed.reduce((sum, count) => sum + count, 0)).toBe(burstDrop.stats().dropped.burst);
    expect(sampling.stats().droppedBySeverity).toEqual({ INFO: sampling.stats().dropped.sampled });
    const counted = entries
      .filter(({ metadata }) => metadata['severity_number'] === String(INFO))
      .map(({ metadata }) => metadata['sampling_threshold']);
    expect(new Set(counted)).toEqual(new Set(['8']));
  });
});
