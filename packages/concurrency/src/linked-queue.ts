/** A place in a `LinkedQueue`; opaque outside. */
export interface QueueNode<T> {
  readonly value: T;
  previous: QueueNode<T> | undefined;
  next: QueueNode<T> | undefined;
}

/** First in, first out, with removal from any place; each operation is O(1). */
export class LinkedQueue<T> {
  #first: QueueNode<T> | undefined;
  #last: QueueNode<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The node that was pushed before all others that are left. */
  get first(): QueueNode<T> | undefined {
    return this.#first;
  }

  push(value: T): QueueNode<T> {
    const node: QueueNode<T> = { value, previous: this.#last, next: undefined };
    if (this.#last === undefined) this.#first = node;
    else this.#last.next = node;
    this.#last = node;
    this.#size += 1;
    return node;
  }

  /** Removes a node that is in this queue. */
  remove(node: QueueNode<T>): void {
    const { previous, next } = node;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    this.#size -= 1;
  }
}
