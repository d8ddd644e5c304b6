/** A list of rows of equal height, of which a part can be seen. All lengths are pixels. */
export interface ListGeometry {
  readonly scrollTop: number;
  readonly viewportHeight: number;
  readonly rowHeight: number;
  readonly rowCount: number;
}

/** Rows from `first` up to, but without, `end`. */
export interface VirtualWindow {
  readonly first: number;
  readonly end: number;
}

/** Rows beyond both edges, so that a short scroll finds them there. */
const OVERSCAN_ROWS = 6;

/** The rows that must be there: those that can be seen, and some around them. */
export function virtualWindow({ scrollTop, viewportHeight, rowHeight, rowCount }: ListGeometry): VirtualWindow {
  const maxScrollTop = Math.max(rowCount * rowHeight - viewportHeight, 0);
  const top = Math.min(Math.max(scrollTop, 0), maxScrollTop);
  return {
    first: Math.max(Math.floor(top / rowHeight) - OVERSCAN_ROWS, 0),
    end: Math.min(Math.ceil((top + viewportHeight) / rowHeight) + OVERSCAN_ROWS, rowCount),
  };
}

/** The scroll position nearest to the present one in which a row can be seen whole. */
export function scrollTopToShow(index: number, { scrollTop, viewportHeight, rowHeight }: ListGeometry): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - viewportHeight);
}
