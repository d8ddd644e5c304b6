import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { callSafely, Deadline, type ThrottledDiag, withTracingSuppressed, workUntilDeadline } from '@spillway/core';

/** What processors of this project understand beyond the SDK's interface. Others ignore the budget. */
interface BudgetedProcessor {
  forceFlush(options: { readonly timeoutMillis: number }): unknown;
  flushSync?(deadlineMillis: number): unknown;
}

/** Flushes processors, which may be anybody's: whatever goes wrong in one ends here, and costs the others nothing. */
export class ProcessorFlush {
  readonly #processors: readonly BudgetedProcessor[];
  readonly #diag: ThrottledDiag;

  constructor(processors: readonly LogRecordProcessor[], diag: ThrottledDiag) {
    this.#processors = processors;
    this.#diag = diag;
  }

  /**
   * Flushes all processors at once. Resolves when each has flushed or failed to, or when the time is over; keeps the process
   * alive until then. Never rejects.
   *
   * @param timeoutMillis budget of each, as they flush at the same time
   */
  async forceFlush(timeoutMillis: number): Promise<void> {
    const deadline = new Deadline(timeoutMillis);
    let unanswered = this.#processors.length;
    const work = this.#processors.map(async (processor) => {
      try {
        await withTracingSuppressed(() => processor.forceFlush({ timeoutMillis }));
      } catch (error) {
        this.#diag.error('forceFlush', 'forceFlush() of a processor failed at the end of the process', error);
      }
      unanswered -= 1;
    });
    await workUntilDeadline(deadline, Promise.all(work));
    if (unanswered > 0) {
      const text = `${unanswered} of ${work.length} processors did not flush within ${Math.round(timeoutMillis)} ms.`;
      this.#diag.error('late', text);
    }
  }

  /**
   * Lets all processors that can keep what they hold, without asynchronous work.
   *
   * @param timeoutMillis how long that may block, in milliseconds; a processor that overruns its share is not interrupted
   */
  flushSync(timeoutMillis: number): void {
    const deadline = new Deadline(timeoutMillis);
    const capable = this.#processors.filter((processor) => typeof processor.flushSync === 'function');
    capable.forEach((processor, index) => {
      // They share what is left, so that one that takes all of its time leaves the next theirs.
      const shareMillis = deadline.remainingMillis / (capable.length - index);
      callSafely(
        () => withTracingSuppressed(() => processor.flushSync?.(shareMillis)),
        (error) => this.#diag.error('flushSync', 'flushSync() of a processor failed at the end of the process', error),
      );
    });
  }
}
