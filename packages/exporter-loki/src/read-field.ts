/** What stands for a value whose getter threw, as in `toPlainValue`. */
const UNREADABLE = '[Unreadable]';

/** A field of something the application gave. Never throws. */
export function readField(source: unknown, field: string): unknown {
  try {
    return typeof source === 'object' && source !== null ? Reflect.get(source, field) : undefined;
  } catch {
    return UNREADABLE;
  }
}
