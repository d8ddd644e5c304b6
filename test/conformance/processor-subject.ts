import { type Logger, ROOT_CONTEXT } from '@opentelemetry/api';
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { LedgerSnapshot } from '@spillway/core';
import { expect, onTestFinished, vi } from 'vitest';

import { Downstream } from './downstream.ts';
import { expectClosed } from './ledger-check.ts';
import { settle } from './process-watch.ts';

/** What every processor of this project can do beyond the SDK's interface. */
interface ProcessorUnderTest extends LogRecordProcessor {
  forceFlush(options?: { readonly timeoutMillis?: number }): Promise<void>;
  shutdown(options?: { readonly timeoutMillis?: number }): Promise<void>;
  flushSync?(deadlineMillis: number): void;
  stats(): LedgerSnapshot;
}

export interface ProcessorSubject {
  /** A processor that passes every ERROR record to the downstream, which may never answer, with its other defaults. */
  readonly create: (downstream: Downstream) => ProcessorUnderTest;
  /** What the downstream is to it. Only exporters can fail to answer. */
  readonly downstreamIs: 'exporter' | 'delegate';
}

export const ERROR = 17;
export const ENABLED_OPTIONS = { context: ROOT_CONTEXT, instrumentationScope: { name: 'scope' } };

export interface Setup {
  readonly downstream: Downstream;
  readonly processor: ProcessorUnderTest;
  readonly logger: Logger;
  readonly emit: (first: number, end: number) => void;
}

export type SetUp = (change?: (downstream: Downstream) => void) => Setup;

export function emitTo(logger: Logger, first: number, end: number): void {
  for (let body = first; body < end; body += 1) logger.emit({ severityNumber: ERROR, body });
}

/** So many records came, and all went on. What the processor made itself, such as a report, comes on top. */
export function expectPassed(stats: LedgerSnapshot, count: number): void {
  const { received, passed, created, held } = stats;
  expect({ received, passed: passed - created, held }).toEqual({ received: count, passed: count, held: 0 });
}

/** Lets time pass, and everything happen that it brings. */
export async function pass(millis: number): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(millis);
  await settle();
}

export function watch(promise: Promise<unknown>): { isSettled: boolean } {
  const state = { isSettled: false };
  const onSettled = (): void => void (state.isSettled = true);
  promise.then(onSettled, onSettled);
  return state;
}

/** Puts a processor over a new downstream, and a provider over the processor. */
export function setUpWith({ create }: ProcessorSubject, change: (downstream: Downstream) => void = () => {}): Setup {
  const downstream = new Downstream();
  change(downstream);
  const processor = create(downstream);
  const broken: unknown[] = [];
  downstream.onCall = () => {
    try {
      expectClosed(processor.stats());
    } catch (error) {
      // Thrown here it would end in the processor, which survives whatever stands behind it.
      broken.push(error);
    }
  };
  onTestFinished(() => expect(broken).toEqual([]));
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('conformance');
  return { downstream, processor, logger, emit: (first, end) => emitTo(logger, first, end) };
}
