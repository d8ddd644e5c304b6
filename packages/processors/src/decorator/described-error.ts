import { cutText } from '@spillway/core';

import { boundedText } from './bounded-text.ts';

/** An error as plain text: safe to keep, to send and to print. */
export interface DescribedError {
  /** Such as `TypeError`; of a thrown value that is no error, `NonError`. At most 256 characters. */
  readonly name: string;
  /** At most 1,024 characters. */
  readonly message: string;
  /** At most 8,192 characters; absent where the error has none. */
  readonly stack?: string;
}

const MAX_NAME_CHARACTERS = 256;
const MAX_MESSAGE_CHARACTERS = 1024;
/** The ten frames that V8 keeps, with long paths, and a long message in front. */
const MAX_STACK_CHARACTERS = 8192;

/** Describes what was thrown, which can be anything. What has a message counts as an error, also that of another realm. Never throws. */
export function describeError(thrown: unknown): DescribedError {
  const message = readText(thrown, 'message', MAX_MESSAGE_CHARACTERS);
  if (message === undefined) return { name: 'NonError', message: boundedText(thrown, MAX_MESSAGE_CHARACTERS) };
  const name = readText(thrown, 'name', MAX_NAME_CHARACTERS) ?? 'Error';
  const stack = readText(thrown, 'stack', MAX_STACK_CHARACTERS);
  return { name, message, ...(stack !== undefined && { stack }) };
}

function readText(source: unknown, key: string, maxCharacters: number): string | undefined {
  try {
    const value: unknown = typeof source === 'object' && source !== null ? Reflect.get(source, key) : undefined;
    return typeof value === 'string' ? cutText(value, maxCharacters) : undefined;
  } catch {
    return undefined;
  }
}

/** What was thrown, as an error whose name and message can be read. Never throws. */
export function toError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error) return thrown;
  } catch {
    // A proxy may throw where it is asked what it is.
  }
  const { name, message } = describeError(thrown);
  return Object.assign(new Error(message), { name });
}
