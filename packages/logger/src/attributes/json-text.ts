import type { PlainValue } from '@spillway/core';

/** A plain value as JSON, with the size of bytes in place of them: a megabyte would become ten. */
export function jsonText(plain: PlainValue): string {
  return JSON.stringify(plain, (_key, value: unknown) =>
    value instanceof Uint8Array ? `[${value.length} bytes]` : value,
  );
}
