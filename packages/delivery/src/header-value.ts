import { optionMessage } from '@spillway/core';

import { namedError } from './named-error.ts';

/** Visible characters, spaces and tabs of Latin-1: what `fetch` can send, and no line break that would begin another header. */
// oxlint-disable-next-line eslint/no-control-regex -- it is control characters that are told apart
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
const RULE = 'text of Latin-1 characters without line breaks';

/** @throws RangeError where an option is a text that cannot be sent in a header, naming it and not showing the text. */
export function checkHeaderText(field: string, option: unknown): void {
  if (typeof option === 'string' && !HEADER_VALUE.test(option)) {
    throw new RangeError(optionMessage(field, RULE, option, '[redacted]'));
  }
}

/** Returns `value` if it can be sent, else throws: `fetch` would quote it in its own error. */
export function checkHeaderValue(name: string, value: unknown): string {
  if (typeof value === 'string' && HEADER_VALUE.test(value)) return value;
  throw namedError('HeaderError', `Expected the header \`${name}\` to be ${RULE}.`);
}
