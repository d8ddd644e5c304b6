import type { ServerResponse } from 'node:http';

import type { LiveTailBye, LiveTailGap } from '@spillway/exporter-live-tail/live-tail-client';

/** Frames that leave in one write. */
const FRAMES_PER_WRITE = 100;

/** One client of a fixture, and how far it has come. */
export class FixtureClient {
  readonly #response: ServerResponse;
  #next: number;
  #dropped = 0;

  /** @param next offset of the record that it gets next */
  constructor(response: ServerResponse, next: number) {
    this.#response = response;
    this.#next = next;
  }

  get next(): number {
    return this.#next;
  }

  get dropped(): number {
    return this.#dropped;
  }

  send(type: string, data: object): void {
    this.#response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /**
   * Sends what the client can take now; a gap first where the next one is gone.
   *
   * @param oldest offset of the first frame
   */
  pump(oldest: number, frames: readonly string[], reason: LiveTailGap['reason']): void {
    if (this.#response.writableNeedDrain) return;
    if (this.#next < oldest) {
      const count = oldest - this.#next;
      this.send('gap', { from: this.#next, to: oldest - 1, count, reason });
      this.#next = oldest;
      this.#dropped += count;
    }
    while (this.#next < oldest + frames.length && !this.#response.writableNeedDrain) {
      const batch = frames.slice(this.#next - oldest, this.#next - oldest + FRAMES_PER_WRITE);
      this.#response.write(batch.join(''));
      this.#next += batch.length;
    }
  }

  end(reason: LiveTailBye['reason']): void {
    this.send('bye', { reason });
    this.#response.end();
  }

  destroy(): void {
    this.#response.destroy();
  }
}
