/** What a {@link LinkedList} links. It is in one list at a time. */
export interface Linked<Node> {
  previous: Node | undefined;
  next: Node | undefined;
}

/** Nodes in the order in which they came, each of which can leave from wherever it is in O(1). They carry the links. */
export class LinkedList<Node extends Linked<Node>> {
  #first: Node | undefined;
  #last: Node | undefined;

  /** The node that came first. */
  get first(): Node | undefined {
    return this.#first;
  }

  /** The node that came last. */
  get last(): Node | undefined {
    return this.#last;
  }

  append(node: Node): void {
    node.previous = this.#last;
    if (this.#last === undefined) this.#first = node;
    else this.#last.next = node;
    this.#last = node;
  }

  remove(node: Node): void {
    const { previous, next } = node;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    // What has left must not keep alive what is younger: garbage that was held for long is collected late.
    node.previous = undefined;
    node.next = undefined;
  }
}
