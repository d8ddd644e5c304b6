import { describe, expect, it } from 'vitest';

import { type Fault, type FaultPlan, faultSequence, flappingFault } from '../loki/index.ts';
import { GENEROUS_LIMITS, Pipeline } from './pipeline.ts';

const unavailable: Fault = { kind: 'status', status: 503 };
const RECORDS = 5000;

describe('from emit to Loki through faults', () => {
  it('delivers a burst of 20,000 records of one turn once and in order', async () => {
    const pipeline = await Pipeline.start();
    pipeline.emit(20_000);
    pipeline.expectAccounted();
    await pipeline.provider.forceFlush();
    pipeline.expectAllStored();
  });

  const faults: Record<string, Fault | FaultPlan> = {
    'half of the answers are 503': flappingFault({ fault: unavailable, ratio: 0.5, seed: 42 }),
    'the connection is reset before the request is read': faultSequence([{ kind: 'reset', when: 'before-reading' }]),
    'the connection is reset after the request is read': faultSequence([{ kind: 'reset', when: 'after-reading' }]),
    'the request is stored and its answer is lost': faultSequence([{ kind: 'reset', when: 'after-storing' }]),
    'the request is stored and a gateway answers 502': faultSequence([{ kind: 'status', status: 502, store: true }]),
    'ingestion is blocked with a status that looks like success': faultSequence([{ kind: 'block-ingestion' }]),
    'a gateway refuses a request as too large': faultSequence([{ kind: 'status', status: 413 }]),
    'an error has an endless body': faultSequence([{ kind: 'huge-body', bytes: 1_000_000, status: 500 }]),
  };

  it.each(Object.entries(faults))('delivers everything once where %s', async (_name, fault) => {
    const pipeline = await Pipeline.start();
    pipeline.loki.setFault(fault);
    for (let turn = 0; turn < 10; turn += 1) {
      pipeline.emit(RECORDS / 10);
      await pipeline.processor.forceFlush({ timeoutMillis: 50 });
      pipeline.expectAccounted();
    }
    // A flush ends early while the breaker is open; a few of them meet its probes.
    while (pipeline.exporter.stats().held > 0) await pipeline.processor.forceFlush();
    pipeline.expectAllStored();
  });

  it('does not send again what was answered with success before the connection broke', async () => {
    const pipeline = await Pipeline.start();
    pipeline.loki.setFault({ kind: 'break-after-status', status: 200 });
    pipeline.emit(10);
    await pipeline.provider.forceFlush();
    expect(pipeline.loki.pushCount).toBe(1);
    pipeline.expectAllStored();
  });

  it('holds everything while Loki is away, and delivers it in order afterwards', async () => {
    const pipeline = await Pipeline.start();
    pipeline.emit(100);
    await pipeline.provider.forceFlush();
    await pipeline.loki.refuseConnections();
    for (let turn = 0; turn < 50; turn += 1) {
      pipeline.emit(RECORDS / 50);
      await pipeline.processor.forceFlush();
      pipeline.expectAccounted();
    }
    expect(pipeline.exporter.stats()).toMatchObject({ passed: 100, held: RECORDS });
    await pipeline.loki.acceptConnections();
    await pipeline.provider.forceFlush();
    pipeline.expectAllStored();
  });

  it('gives up a request that Loki never finishes to answer, and sends it again', async () => {
    const pipeline = await Pipeline.start({ exporter: { attemptTimeoutMillis: 200 } });
    pipeline.loki.setFault(faultSequence([{ kind: 'dribble', everyMillis: 20, status: 500 }, { kind: 'hang' }]));
    pipeline.emit(10);
    await pipeline.provider.forceFlush();
    expect(pipeline.loki.pushCount).toBe(3);
    pipeline.expectAllStored();
  });

  it('waits as long as Loki asks, with everything that goes to the same place', async () => {
    const pipeline = await Pipeline.start();
    const tooMany: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '1' } };
    pipeline.loki.setFault(faultSequence([tooMany]));
    pipeline.emit(10);
    await pipeline.processor.forceFlush({ timeoutMillis: 200 });
    pipeline.emit(10, 17);
    await pipeline.processor.forceFlush({ timeoutMillis: 200 });
    expect(pipeline.loki.pushCount).toBe(1);
    pipeline.expectAccounted();
    await pipeline.provider.forceFlush();
    pipeline.expectAccounted();
    expect(pipeline.exporter.stats()).toMatchObject({ passed: 20, held: 0 });
  });

  it('drops the least severe when the outage outlasts the outbox, and says how many', async () => {
    const { MemoryOutbox } = await import('@spillway/delivery');
    const pipeline = await Pipeline.start({ exporter: { outbox: new MemoryOutbox({ maxBytes: 20_000 }) } });
    await pipeline.loki.refuseConnections();
    for (let turn = 0; turn < 50; turn += 1) {
      pipeline.emit(100, turn % 10 === 0 ? 17 : 9);
      await pipeline.processor.forceFlush();
      pipeline.expectAccounted();
    }
    const { dropped, held } = pipeline.exporter.stats();
    expect(dropped.outbox_full).toBe(RECORDS - held);
    await pipeline.loki.acceptConnections();
    await pipeline.provider.forceFlush();
    pipeline.expectAccounted();
    const stored = pipeline.loki.entries();
    expect(stored.length).toBe(held);
    expect(stored.filter(({ metadata }) => metadata['severity_number'] === '17').length).toBe(500);
  });

  it('gets through limits of rate by smaller and later requests', async () => {
    const limits = { ...GENEROUS_LIMITS.limits, ingestionRateBytes: 2_000_000, ingestionBurstBytes: 300_000 };
    const pipeline = await Pipeline.start({ loki: { limits } });
    pipeline.emit(RECORDS);
    while (pipeline.exporter.stats().held > 0 || pipeline.processor.stats().held > 0) {
      await pipeline.processor.forceFlush();
      pipeline.expectAccounted();
    }
    pipeline.expectAllStored();
  });
});
