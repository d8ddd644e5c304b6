/** Callbacks of a few events behind one listener, so that many of them are no leak warning. */
export class Listeners<Moment extends string> {
  readonly #callbacks = new Map<() => void, Moment>();
  readonly #listen: (emit: (moment: Moment) => void) => () => void;
  #stop: (() => void) | undefined;

  /** @param listen begins to listen, and answers how to stop */
  constructor(listen: (emit: (moment: Moment) => void) => () => void) {
    this.#listen = listen;
  }

  /** Calls back at each such moment; answers how to stop that. */
  add(moment: Moment, callback: () => void): () => void {
    if (this.#callbacks.size === 0) this.#stop = this.#listen((now) => this.#callAll(now));
    // Whoever adds one callback twice is called twice.
    const own = (): void => callback();
    this.#callbacks.set(own, moment);
    return () => {
      if (this.#callbacks.delete(own) && this.#callbacks.size === 0) this.#stop?.();
    };
  }

  /** The latest first: a decorator is made after its delegate, which must find what the decorator hands on. */
  #callAll(now: Moment): void {
    for (const [callback, moment] of [...this.#callbacks].toReversed()) if (moment === now) callback();
  }
}

/** Listens to events of one target, where there is such a thing here; answers how to stop. */
export function listenTo(
  target: Partial<EventTarget> | undefined,
  types: readonly string[],
  listener: (event: Event) => void,
): () => void {
  if (typeof target?.addEventListener !== 'function') return () => {};
  for (const type of types) target.addEventListener(type, listener);
  return () => {
    for (const type of types) target.removeEventListener?.(type, listener);
  };
}
