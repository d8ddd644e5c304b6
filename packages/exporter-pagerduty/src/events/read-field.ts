/** A field of something the application gave; undefined where reading it throws. */
export function readField(source: unknown, field: string): unknown {
  try {
    return typeof source === 'object' && source !== null ? Reflect.get(source, field) : undefined;
  } catch {
    return undefined;
  }
}
