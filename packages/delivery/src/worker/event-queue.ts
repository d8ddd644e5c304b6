import type { FromWorker, WorkerEvent } from './messages.ts';

type State = Pick<FromWorker, 'outboxBytes' | 'requestsInFlight'>;

/** Sends events to the other thread, all of one turn together: each message costs it a turn of its own. */
export class EventQueue {
  readonly #post: (message: FromWorker) => void;
  #events: WorkerEvent[] = [];
  #holds = 0;
  #readState: () => State = () => ({ outboxBytes: 0, requestsInFlight: 0 });

  constructor(post: (message: FromWorker) => void) {
    this.#post = post;
  }

  /** What goes along with each message. */
  set state(readState: () => State) {
    this.#readState = readState;
  }

  add(event: WorkerEvent): void {
    this.#events.push(event);
    if (this.#events.length === 1) queueMicrotask(() => this.flush());
  }

  /** Sends what happens during this work only when it is over, all of it: half of it would be an account that is wrong. */
  async together(work: () => Promise<void>): Promise<void> {
    this.#holds += 1;
    try {
      await work();
    } finally {
      this.#holds -= 1;
      this.flush();
    }
  }

  flush(): void {
    const events = this.#events;
    if (events.length === 0 || this.#holds > 0) return;
    this.#events = [];
    this.#post({ events, ...this.#readState() });
  }
}
