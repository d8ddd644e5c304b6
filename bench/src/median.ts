/** The middle one of some figures of one kind. */
export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;
}

/** How far figures lie apart: the largest by the smallest, as a percentage above it. */
export function spread(values: readonly number[]): string {
  return `${((Math.max(...values) / Math.min(...values) - 1) * 100).toFixed(0)} %`;
}
