import { checkString, optionMessage } from '@spillway/core';

const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * Returns `name` if it can be part of an incident's key: so short and so plain that a key of two names and a hash is always
 * one that PagerDuty takes. Else throws.
 */
export function checkKeyName(field: string, name: unknown): string {
  if (NAME.test(checkString(field, name))) return name as string;
  throw new RangeError(optionMessage(field, 'a name of 1 to 64 letters, digits, `_`, `-` and `.`', name));
}
