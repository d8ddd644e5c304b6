import type { FastRecord as NodeFastRecord } from './fast-record.ts';

/**
 * Stands for `node-fast-encoding.ts` in bundles for pages. A page logs little: 1.5 KiB less to download are worth more to
 * it than the ten microseconds that `encodeCarefully`, to which every record is left, takes longer for each.
 */
export function addQuickly(): boolean {
  return false;
}

export class FastRecord implements Pick<NodeFastRecord, 'startBatch'> {
  startBatch(): void {}
}

/** Nothing is prepared. */
export function prepareTexts(): undefined {
  return undefined;
}
