import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';

/** How a stub answers `forceFlush`. */
export type Answer = 'at-once' | 'never' | 'rejects' | 'throws' | 'next-turn';

/** A processor that holds nothing and tells what it is asked. */
export class StubProcessor implements LogRecordProcessor {
  readonly name: string;
  answer: Answer = 'at-once';
  readonly #tell: (line: string) => void;

  constructor(tell: (line: string) => void, name = 'stub') {
    this.#tell = tell;
    this.name = name;
  }

  onEmit(): void {}

  forceFlush(options?: { readonly timeoutMillis?: number }): Promise<void> {
    this.#tell(`${this.name} forceFlush ${Math.round(options?.timeoutMillis ?? -1)}`);
    if (this.answer === 'throws') throw new Error('thrown');
    if (this.answer === 'rejects') return Promise.reject(new Error('rejected'));
    if (this.answer === 'never') return new Promise(() => {});
    return this.answer === 'next-turn' ? new Promise((resolve) => void setImmediate(resolve)) : Promise.resolve();
  }

  async shutdown(): Promise<void> {}

  flushSync(deadlineMillis: number): void {
    this.#tell(`${this.name} flushSync ${Math.round(deadlineMillis)}`);
  }
}
