import type { FromWorker, WorkerEvent } from './messages.ts';

type State = Pick<FromWorker, 'outboxBytes' | 'requestsInFlight'>;

/** Sends events to the other thread, all of one turn together: each message costs it a turn of its own. */
export class EventQueue {
  readonly #post: (message: FromWorker) => void;
  #events: WorkerEvent[] = [];
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

  flush(): void {
    const events = this.#events;
    if (events.length === 0) return;
    this.#events = [];
    this.#post({ events, ...this.#readState() });
  }
}
