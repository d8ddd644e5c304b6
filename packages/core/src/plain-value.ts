import { setOwn } from './own-property.ts';

/** What a value of a record can be once it is safe to keep and to encode. Objects have own, enumerable data properties only. */
export type PlainValue = string | number | boolean | null | Uint8Array | PlainValue[] | { [key: string]: PlainValue };

/** Deeper than any real record, far from the stack's end. */
const MAX_DEPTH = 64;
/** A value of more parts than this is cut: it is a data dump, and one record may not stall the application. */
const MAX_NODES = 16_384;

/** `new String('x')` and its like, in any realm. */
const BOXES: ReadonlySet<string> = new Set(['[object String]', '[object Number]', '[object Boolean]']);

const CIRCULAR = '[Circular]';
const TRUNCATED = '[Truncated]';
const UNREADABLE = '[Unreadable]';

interface Walk {
  nodes: number;
  /** Objects on the way from the root to here; meeting one of them again is a cycle. */
  readonly path: object[];
}

/**
 * Copies any value into plain data that later changes cannot reach. Deterministic, bounded, and never throws:
 *
 * | value | becomes |
 * |---|---|
 * | string, number, boolean, null | itself |
 * | undefined | null; left out as a property |
 * | bigint, Symbol, function | its text: `"123"`, `"Symbol(x)"`, `"[Function x]"` |
 * | Date | ISO 8601 text, or `"Invalid Date"` |
 * | Error | object of name, message, stack, cause, errors and own properties |
 * | Map, Set | object (keys as text, objects as `"[object]"`; of equal keys the last counts), array |
 * | Uint8Array, ArrayBuffer, DataView | copied bytes; other typed arrays become arrays of numbers |
 * | object with `toJSON` | what that returns; its properties where that is the object itself |
 * | cycle, over 64 deep or 16,384 parts, throwing getter or proxy | `"[Circular]"`, `"[Truncated]"`, `"[Unreadable]"` |
 */
export function toPlainValue(value: unknown): PlainValue {
  return plain(value, { nodes: 0, path: [] });
}

function plain(value: unknown, walk: Walk): PlainValue {
  if (walk.nodes > MAX_NODES) return TRUNCATED;
  return typeof value === 'object' || typeof value === 'function' ? plainObject(value, walk) : plainPrimitive(value);
}

function plainPrimitive(value: unknown): PlainValue {
  if (value === undefined) return null;
  return typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : (value as string | number | boolean);
}

function plainObject(value: object | null, walk: Walk): PlainValue {
  if (value === null) return null;
  try {
    if (typeof value === 'function') return `[Function ${value.name}]`;
    if (walk.path.includes(value)) return CIRCULAR;
    if (walk.path.length >= MAX_DEPTH) return TRUNCATED;
    walk.path.push(value);
    try {
      return plainContents(value, walk);
    } finally {
      walk.path.pop();
    }
  } catch {
    return UNREADABLE;
  }
}

function plainContents(value: object, walk: Walk): PlainValue {
  if (Array.isArray(value)) return plainList(value, walk);
  const prototype: unknown = Object.getPrototypeOf(value);
  // Plain objects are nearly all there is, and none of what follows concerns them except `toJSON`.
  const isPlain = prototype === Object.prototype || prototype === null;
  if (!isPlain) {
    const special = plainSpecial(value, walk);
    if (special !== undefined) return special;
  }
  const toJson: unknown = Reflect.get(value, 'toJSON');
  if (typeof toJson === 'function') {
    const json: unknown = Reflect.apply(toJson, value, ['']);
    // One that answers with itself has nothing else to say.
    if (json !== value) return plain(json, walk);
  }
  return plainEntries(Object.keys(value), (key) => Reflect.get(value, key), walk);
}

function plainSpecial(value: object, walk: Walk): PlainValue | undefined {
  // Not `slice`: that of a Node Buffer shares its memory.
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  if (ArrayBuffer.isView(value)) return plainList(value as unknown as ArrayLike<number | bigint>, walk);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : Date.prototype.toISOString.call(value);
  if (value instanceof Error) return plainError(value, walk);
  if (value instanceof Map) {
    const entries = new Map(
      firstOf(value).map(([key, item]) => [typeof key === 'object' ? '[object]' : String(key), item]),
    );
    return plainEntries([...entries.keys()], (key) => entries.get(key), walk);
  }
  if (value instanceof Set) return plainList(firstOf(value), walk);
  return BOXES.has(Object.prototype.toString.call(value)) ? unboxed(value) : undefined;
}

/** A class may call itself `String` and hold anything. */
function unboxed(box: object): PlainValue | undefined {
  const value: unknown = box.valueOf();
  return typeof value === 'object' || typeof value === 'function' ? undefined : plainPrimitive(value);
}

/** No more than can be kept; an iterator of the application need not end. */
function firstOf<T>(items: Iterable<T>): T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length > MAX_NODES) break;
    first.push(item);
  }
  return first;
}

function plainError(error: Error, walk: Walk): PlainValue {
  const links = ['cause', 'errors'].filter((key) => key in error);
  const keys = new Set(['name', 'message', 'stack', ...links, ...Object.keys(error)]);
  return plainEntries([...keys], (key) => Reflect.get(error, key), walk);
}

function plainList(list: ArrayLike<unknown>, walk: Walk): PlainValue {
  const { length } = list;
  const copy: PlainValue[] = [];
  for (let index = 0; index < length; index += 1) {
    copy.push(plainProperty(() => list[index], walk) ?? null);
    if (walk.nodes > MAX_NODES) break;
  }
  return copy;
}

function plainEntries(keys: readonly string[], read: (key: string) => unknown, walk: Walk): PlainValue {
  const copy: { [key: string]: PlainValue } = {};
  for (const key of keys) {
    const item = plainProperty(() => read(key), walk);
    if (item === undefined) continue;
    setOwn(copy, key, item);
    if (walk.nodes > MAX_NODES) break;
  }
  return copy;
}

/** One item, read in isolation: a getter that throws costs that item only. */
function plainProperty(read: () => unknown, walk: Walk): PlainValue | undefined {
  walk.nodes += 1;
  let item: unknown;
  try {
    item = read();
  } catch {
    return UNREADABLE;
  }
  return item === undefined ? undefined : plain(item, walk);
}
