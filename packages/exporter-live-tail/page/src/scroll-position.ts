import { type ListGeometry, scrollTopToShow } from './virtual-window.ts';

/** Scroll positions are fractions of pixels on some screens. */
const TOLERANCE = 2;

/** Where the list is scrolled to: at the newest row, following it, or standing still at a row while others come and leave. */
export class ScrollPosition {
  readonly #list: HTMLElement;
  readonly #sizer: HTMLElement;
  #isFollowing = true;
  #rowHeight = 1;
  #viewportHeight = 0;
  #rowCount = 0;
  #rowsLeft = 0;
  /** As it was set or seen last: less than this, and a person has scrolled up. */
  #scrollTop = 0;
  #appliedTop = 0;
  #appliedHeight = 0;

  constructor(list: HTMLElement, sizer: HTMLElement, onChange: () => void) {
    this.#list = list;
    this.#sizer = sizer;
    this.#measure();
    new ResizeObserver(() => {
      this.#measure();
      onChange();
    }).observe(list);
    list.addEventListener('scroll', () => {
      this.#onScroll();
      onChange();
    });
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Whether the newest row can be seen, by following it or by chance. */
  get isAtEnd(): boolean {
    return this.#isFollowing || this.#scrollTop + this.#viewportHeight >= this.#rowCount * this.#rowHeight - TOLERANCE;
  }

  follow(): void {
    this.#isFollowing = true;
  }

  stand(): void {
    this.#isFollowing = false;
  }

  /** Other rows are shown: stands at one of them, in the middle, or follows. */
  restart(rowCount: number, index: number | undefined): void {
    this.#rowsLeft = 0;
    this.#isFollowing = index === undefined;
    this.#rowCount = rowCount;
    if (index !== undefined) this.#moveTo(index * this.#rowHeight - this.#viewportHeight / 2);
    this.apply();
  }

  /** Scrolls as little as is needed to see a row. */
  show(index: number): void {
    this.stand();
    this.#moveTo(scrollTopToShow(index, this.#geometry));
    this.apply();
  }

  /** Place of the last row that can be seen whole. */
  lastVisible(rowCount: number): number {
    return Math.min(Math.floor((this.#scrollTop + this.#viewportHeight + TOLERANCE) / this.#rowHeight), rowCount) - 1;
  }

  /**
   * Where the list must be with the rows that there are now; {@link apply} brings it there. `rowsLeft` counts those that have
   * left at the front.
   */
  settle(rowCount: number, rowsLeft: number): ListGeometry {
    const moved = (rowsLeft - this.#rowsLeft) * this.#rowHeight;
    this.#rowsLeft = rowsLeft;
    this.#rowCount = rowCount;
    if (this.#isFollowing) this.#moveTo(rowCount * this.#rowHeight - this.#viewportHeight);
    else if (moved > 0) this.#moveTo(this.#scrollTop - moved);
    return this.#geometry;
  }

  /** To be called when the rows are in their places: to scroll makes the browser lay out everything that has changed. */
  apply(): void {
    const height = this.#rowCount * this.#rowHeight;
    if (height !== this.#appliedHeight) this.#sizer.style.height = `${height}px`;
    this.#appliedHeight = height;
    if (this.#scrollTop !== this.#appliedTop) this.#list.scrollTop = this.#scrollTop;
    this.#appliedTop = this.#scrollTop;
  }

  get #geometry(): ListGeometry {
    return {
      scrollTop: this.#scrollTop,
      viewportHeight: this.#viewportHeight,
      rowHeight: this.#rowHeight,
      rowCount: this.#rowCount,
    };
  }

  #onScroll(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.#list;
    const moved = scrollTop - this.#scrollTop;
    this.#scrollTop = scrollTop;
    this.#appliedTop = scrollTop;
    // A list that becomes higher is moved by the browser, and has nothing below it all the same.
    const isAtBottom = scrollTop + clientHeight >= scrollHeight - TOLERANCE;
    if (moved < -TOLERANCE / 2 && !isAtBottom) this.#isFollowing = false;
    if (moved > 0 && this.isAtEnd) this.#isFollowing = true;
  }

  /** The style says how high a row is: on a phone it has two lines. */
  #measure(): void {
    const rowHeight = Number.parseFloat(getComputedStyle(this.#list).getPropertyValue('--row-height')) || 24;
    const topRow = this.#scrollTop / this.#rowHeight;
    const isChanged = rowHeight !== this.#rowHeight;
    this.#rowHeight = rowHeight;
    this.#viewportHeight = this.#list.clientHeight;
    if (!isChanged) return;
    this.#moveTo(topRow * rowHeight);
    this.apply();
  }

  #moveTo(top: number): void {
    const max = Math.max(this.#rowCount * this.#rowHeight - this.#viewportHeight, 0);
    this.#scrollTop = Math.min(Math.max(top, 0), max);
  }
}
