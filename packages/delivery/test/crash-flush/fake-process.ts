import { EventEmitter } from 'node:events';
import { ThrottledDiag } from '@spillway/core';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';

import { CrashFlush } from '../../src/crash-flush/crash-flush.ts';
import type { HostProcess } from '../../src/crash-flush/host-process.ts';
import { ProcessorFlush } from '../../src/crash-flush/processor-flush.ts';
import { StubProcessor } from './stub-processor.ts';

/** A process that can be ended any number of times. */
export class FakeProcess extends EventEmitter {
  readonly pid = 7;
  readonly told: string[] = [];
  hasCaptureCallback = false;

  kill(pid: number, signal: string): void {
    this.told.push(`kill ${pid} ${signal}`);
  }

  hasUncaughtExceptionCaptureCallback(): boolean {
    return this.hasCaptureCallback;
  }

  /** All listeners, those for `newListener` included. */
  get total(): number {
    return this.eventNames().reduce((sum, name) => sum + this.listenerCount(name), 0);
  }

  /** Adds a processor that tells `told` what it is asked. */
  stub(name = 'stub'): StubProcessor {
    return new StubProcessor((line) => this.told.push(line), name);
  }

  /** Takes what has been told so far. */
  take(): string[] {
    return this.told.splice(0);
  }

  /** What `flushOnCrash` does, with this process. */
  flushOnCrash(processors: readonly LogRecordProcessor[], timeoutMillis = 1000): () => void {
    const flush = new ProcessorFlush(processors, new ThrottledDiag({ namespace: 'test' }));
    return new CrashFlush(this as unknown as HostProcess, flush, timeoutMillis).start();
  }
}
