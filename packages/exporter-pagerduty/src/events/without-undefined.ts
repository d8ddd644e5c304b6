type WithUndefined<T> = { readonly [Key in keyof T]-?: T[Key] | (object extends Pick<T, Key> ? undefined : never) };

/** An object without the fields that have no value. */
export function withoutUndefined<T extends object>(fields: WithUndefined<T>): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
