import { toPlainValue } from '@spillway/core';

import { describeException, isError } from './exception.ts';

/** The body that a message becomes: a text as it is, an error's message, of anything else a copy. Never throws. */
export function recordBody(message: unknown): unknown {
  if (typeof message === 'string') return message;
  if (!isError(message)) return toPlainValue(message);
  const exception = describeException(message);
  return exception.message === '' ? exception.type : exception.message;
}
