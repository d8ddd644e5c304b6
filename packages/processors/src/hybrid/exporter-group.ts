import { type Deadline, type ThrottledDiag, workUntilDeadline } from '@spillway/core';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';

import { asOwnSending } from '../own-sending.ts';

/** What exporters of this project understand beyond the SDK's interface. Others ignore the budget. */
interface BudgetedExporter {
  forceFlush?(options: { readonly timeoutMillis: number }): unknown;
  shutdown(options: { readonly timeoutMillis: number }): unknown;
  flushSync?(deadlineMillis: number): void;
}

interface RunningFlush {
  readonly deadline: Deadline;
  /** Exports begun before the exporters were told to flush: only those are covered. */
  readonly exportCount: number;
  readonly done: Promise<void>;
}

/** The exporters of a processor, told each thing once even if both lanes share one. Nothing here throws or rejects. */
export class ExporterGroup {
  readonly #exporters: readonly BudgetedExporter[];
  readonly #diag: ThrottledDiag;
  #exportCount = 0;
  #running: RunningFlush | undefined;

  constructor(exporters: readonly LogRecordExporter[], diag: ThrottledDiag) {
    this.#exporters = [...new Set(exporters)] as readonly BudgetedExporter[];
    this.#diag = diag;
  }

  /** An export has begun: a flush that runs does not cover it. */
  noteExport(): void {
    this.#exportCount += 1;
  }

  /** Flushes all exporters within the budget. A flush that runs already and covers the same exports is shared. */
  async forceFlush(deadline: Deadline): Promise<void> {
    for (;;) {
      if (this.#running?.exportCount !== this.#exportCount) this.#running = this.#begin(deadline);
      const running = this.#running;
      await workUntilDeadline(deadline, running.done);
      // A shared flush whose own budget was smaller may have ended too early for this one.
      if (deadline.remainingMillis === 0 || deadline.at <= running.deadline.at) return;
      if (running.deadline.remainingMillis > 0) return;
    }
  }

  /** Shuts all exporters down within what is left of the budget. */
  async shutdown(deadline: Deadline): Promise<void> {
    await this.#tellAll('shutdown', deadline, (exporter, options) => exporter.shutdown(options));
  }

  /** Lets exporters that can do it keep what they hold, without any asynchronous work. */
  flushSync(deadline: Deadline): void {
    for (const exporter of this.#exporters) {
      try {
        asOwnSending(() => exporter.flushSync?.(deadline.remainingMillis));
      } catch (error) {
        this.#diag.error('flushSync', 'flushSync() of an exporter threw', error);
      }
    }
  }

  #begin(deadline: Deadline): RunningFlush {
    const done = this.#tellAll('forceFlush', deadline, (exporter, options) => exporter.forceFlush?.(options));
    const running: RunningFlush = { deadline, exportCount: this.#exportCount, done };
    void done.then(() => {
      if (this.#running === running) this.#running = undefined;
    });
    return running;
  }

  async #tellAll(
    method: string,
    deadline: Deadline,
    tell: (exporter: BudgetedExporter, options: { readonly timeoutMillis: number }) => unknown,
  ): Promise<void> {
    const work = this.#exporters.map(async (exporter) => {
      try {
        await asOwnSending(() => tell(exporter, { timeoutMillis: deadline.remainingMillis }));
      } catch (error) {
        this.#diag.warn(method, `${method}() of an exporter failed`, error);
      }
    });
    await workUntilDeadline(deadline, Promise.all(work));
  }
}
