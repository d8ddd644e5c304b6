import { optionMessage } from '@spillway/core';

const SERIES_BYTES = 6;
const NUMBER_BYTES = 2;

const FILE_NAME = /^outbox-([0-9a-f]{12})[0-9a-f]{4}\.sqlite$/;

/**
 * Twelve digits that all files of one outbox have in common, those that it begins after one was lost or damaged too. An outbox
 * that is told one of their names, because it stands in for one that has ended, knows them all by it.
 */
export function newSeries(): string {
  return randomHex(SERIES_BYTES);
}

/** Undefined of what is no file of an outbox. */
export function seriesOf(fileName: string): string | undefined {
  return FILE_NAME.exec(fileName)?.[1];
}

/** A new name in a series. */
export function newFileName(series: string): string {
  return `outbox-${series}${randomHex(NUMBER_BYTES)}.sqlite`;
}

/** @throws RangeError where it is no name of a file of an outbox. */
export function checkFileName(value: string): string {
  if (seriesOf(value) !== undefined) return value;
  throw new RangeError(optionMessage('fileName', 'the `fileName` of an outbox', value));
}

function randomHex(bytes: number): string {
  return process.getBuiltinModule('node:crypto').randomBytes(bytes).toString('hex');
}
