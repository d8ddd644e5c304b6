import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { Deadline, type DeadlineOptions, workUntilDeadline } from '@spillway/core';

import type { ExporterHandler, LogHandler } from '../handlers/log-handler.ts';
import type { HandlerCalls } from './handler-calls.ts';
import type { OwnDoing } from './own-doing.ts';

export interface HandlerProcessorOptions {
  readonly handler: LogHandler;
  readonly calls: HandlerCalls;
  readonly ownDoing: OwnDoing;
  /** Told of each record before the handler gets it. */
  readonly onRecord?: () => void;
  /** Told of each call that has not ended when it returns. */
  readonly onPending?: (call: Promise<void>) => void;
}

/** A handler as a delegate of a fan-out. */
export class HandlerProcessor implements LogRecordProcessor {
  readonly #options: HandlerProcessorOptions;
  /** What stands behind the handler, if it says so. */
  readonly #exporter: Partial<ExporterHandler>;

  constructor(options: HandlerProcessorOptions) {
    this.#options = options;
    this.#exporter = options.handler as Partial<ExporterHandler>;
  }

  onEmit(record: ReadableLogRecord): void {
    const { calls, onRecord, onPending } = this.#options;
    onRecord?.();
    const pending = calls.call(record);
    if (pending !== undefined) onPending?.(pending);
  }

  async forceFlush(): Promise<void> {
    const { calls, ownDoing } = this.#options;
    await calls.settled();
    await ownDoing.run(() => this.#exporter.forceFlush?.());
  }

  /** Waits for pending calls no longer than half of the time, so that an exporter is shut down also where one hangs. */
  async shutdown({ timeoutMillis = 0 }: DeadlineOptions = {}): Promise<void> {
    const { calls, ownDoing } = this.#options;
    await workUntilDeadline(new Deadline(timeoutMillis / 2), calls.settled());
    await ownDoing.run(() => this.#exporter.shutdown?.());
  }
}
