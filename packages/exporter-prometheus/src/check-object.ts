import { optionMessage } from '@spillway/core';

/** What stands in the place of options may be the secret that belongs into them, and is not shown. */
export function checkObject(field: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  throw new TypeError(optionMessage(field, 'an object', value, '[redacted]'));
}
