import { byId } from './elements.ts';
import { FollowButton } from './follow-button.ts';
import { RenderClock } from './render-clock.ts';
import { RowView } from './row-view.ts';
import { ScrollPosition } from './scroll-position.ts';
import type { TailModel } from './tail-model.ts';
import type { TailRow } from './tail-row.ts';
import { virtualWindow } from './virtual-window.ts';

export interface LogListEvents {
  /** A row was chosen. */
  readonly onSelect: (row: TailRow) => void;
  /** A trace id was clicked. */
  readonly onTrace: (traceId: string) => void;
}

/** Views that stay although they are not needed now: the number of rows that can be seen goes up and down by one. */
const SPARE_VIEWS = 2;

/** The list of rows. Of all that are shown only those that can be seen are in the document. */
export class LogList {
  readonly #model: TailModel;
  readonly #events: LogListEvents;
  readonly #list = byId('list', HTMLElement);
  readonly #sizer = byId('rows', HTMLElement);
  readonly #empty = byId('empty', HTMLElement);
  readonly #clock = new RenderClock(() => this.#render());
  readonly #scroll: ScrollPosition;
  readonly #follow: FollowButton;
  #views: RowView[] = [];
  #selected: TailRow | undefined;
  #pressed: TailRow | undefined;

  constructor(model: TailModel, events: LogListEvents) {
    this.#model = model;
    this.#events = events;
    this.#scroll = new ScrollPosition(this.#list, this.#sizer, () => this.#clock.renderNow());
    this.#follow = new FollowButton(() => this.follow());
    this.#sizer.addEventListener('pointerdown', (event) => this.#onPress(event));
    this.#sizer.addEventListener('click', (event) => this.#onClick(event));
    this.#clock.renderNow();
  }

  /** Something came: shows it soon. */
  update(): void {
    this.#clock.renderSoon();
  }

  /** Other rows are shown: stays at the one that is selected where it is among them, else goes to the newest. */
  reset(): void {
    const { rows } = this.#model;
    const index = this.#selected === undefined ? -1 : rows.shownIndexOf(this.#selected.number);
    const isThere = this.#selected !== undefined && rows.shownAt(index) === this.#selected;
    this.#scroll.restart(rows.shownSize, isThere ? index : undefined);
    this.#follow.restart(rows);
    this.#clock.renderNow();
  }

  /** Goes to the newest row and stays there. */
  follow(): void {
    this.#scroll.follow();
    this.#clock.renderNow();
  }

  /** Chooses the row above (-1) or below (1) the one that is chosen; the newest that can be seen where none is. */
  moveSelection(step: -1 | 1): void {
    const { rows } = this.#model;
    const selected = this.#selected;
    // Rows have come and left since they were drawn last.
    this.#scroll.settle(rows.shownSize, rows.shownLeft);
    const last = this.#scroll.lastVisible(rows.shownSize);
    const from = selected === undefined ? last - step : rows.shownIndexOf(selected.number);
    // The one that was chosen may have left: then its successor is at its place.
    const isGone = selected !== undefined && rows.shownAt(from) !== selected;
    const index = Math.min(Math.max(isGone && step === 1 ? from : from + step, 0), rows.shownSize - 1);
    const row = rows.shownAt(index);
    if (row === undefined) return;
    this.#scroll.show(index);
    this.select(row);
  }

  /** Chooses a row, or none. The list stands still from then on, so that the row stays where it is. */
  select(row: TailRow | undefined): void {
    this.#selected = row;
    if (row !== undefined) {
      this.#scroll.stand();
      this.#events.onSelect(row);
    }
    this.#clock.renderNow();
  }

  focus(): void {
    this.#list.focus({ preventScroll: true });
  }

  /** What is pressed is meant, also where another row stands there a moment later; and a list that moves cannot be marked. */
  #onPress({ target, pointerType }: PointerEvent): void {
    this.#pressed = this.#viewOf(target)?.row;
    if (pointerType !== 'mouse') return;
    this.#scroll.stand();
    this.#clock.renderSoon();
  }

  #viewOf(target: EventTarget | null): RowView | undefined {
    return this.#views.find(({ root }) => target instanceof Node && root.contains(target));
  }

  #onClick(event: MouseEvent): void {
    const view = this.#viewOf(event.target);
    const row = this.#pressed;
    if (view === undefined || row === undefined) return;
    // Text that is being marked to be copied is no choice of a row.
    if (getSelection()?.isCollapsed === false) return;
    const traceId = row.kind === 'record' ? row.record.traceId : undefined;
    if (traceId !== undefined && view.isTrace(event.target)) this.#events.onTrace(traceId);
    else this.select(row);
  }

  #render(): void {
    const { rows } = this.#model;
    const total = rows.shownSize;
    const geometry = this.#scroll.settle(total, rows.shownLeft);
    const { first, end } = virtualWindow(geometry);
    this.#haveViews(end - first);
    let activeId = '';
    for (const [place, view] of this.#views.entries()) {
      const row = rows.shownAt(first + place);
      if (row === undefined || first + place >= end) {
        view.hide();
        continue;
      }
      view.show(row, first + place + 1, total, row === this.#selected);
      if (row === this.#selected) activeId = view.root.id;
      view.root.style.transform = `translateY(${(first + place) * geometry.rowHeight}px)`;
    }
    this.#scroll.apply();
    this.#list.setAttribute('aria-activedescendant', activeId);
    this.#empty.hidden = total > 0;
    this.#empty.textContent = rows.size > 0 ? 'No record matches the filters.' : 'No log record yet.';
    this.#follow.show(rows, this.#scroll.isAtEnd);
  }

  #haveViews(count: number): void {
    while (this.#views.length < count) {
      const view = new RowView(`row-${this.#views.length}`);
      this.#views.push(view);
      this.#sizer.append(view.root);
    }
    for (const { root } of this.#views.splice(Math.max(count, 0) + SPARE_VIEWS)) root.remove();
  }
}
