import { byId, setText } from './elements.ts';
import type { RowStore } from './row-store.ts';
import { formatCount } from './text-format.ts';

/** Leads back to the newest row, and tells how many have come since the list stands still. */
export class FollowButton {
  readonly #button = byId('follow', HTMLButtonElement);
  #seen = 0;

  constructor(onFollow: () => void) {
    this.#button.addEventListener('click', onFollow);
  }

  /** Counts from here: other rows are shown. */
  restart(rows: RowStore): void {
    this.#seen = added(rows);
  }

  show(rows: RowStore, isAtEnd: boolean): void {
    if (isAtEnd) this.#seen = added(rows);
    const count = added(rows) - this.#seen;
    this.#button.hidden = isAtEnd;
    setText(this.#button, count === 0 ? 'To the newest ↓' : `${formatCount(count)} new ↓`);
  }
}

/** How many rows were ever shown with the present filter. */
function added({ shownSize, shownLeft }: RowStore): number {
  return shownSize + shownLeft;
}
