/** Keys from the top of a configuration down to a value. */
export type NodePath = readonly (string | number)[];

/** Keys that need no quotes, with the slash of names such as `logger_configurator/development`. */
const PLAIN_KEY = /^[\w/$-]+$/;

/** A path as messages show it: `logger_provider.processors[0].hybrid`. */
export function pathText(path: NodePath): string {
  return path.map((key, index) => keyText(key, index === 0)).join('');
}

function keyText(key: string | number, isFirst: boolean): string {
  if (typeof key === 'number') return `[${key}]`;
  if (!PLAIN_KEY.test(key)) return `[${JSON.stringify(key)}]`;
  return isFirst ? key : `.${key}`;
}

/** Keys of a path in backticks: `processors[0].hybrid`, as messages about options name them. */
export function readPathText(text: string): NodePath {
  return [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([key, index]) => (index === undefined ? key : Number(index)));
}

/** The path of a JSON pointer within a value, whose lists tell which keys are numbers. */
export function pointerPath(pointer: string, value: unknown): NodePath {
  const path: (string | number)[] = [];
  let current = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(current) ? Number(key) : key);
    current = valueAt(current, path.slice(-1));
  }
  return path;
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: unknown, path: NodePath): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}

/** Whether one of two paths leads to the other, or both are the same. */
export function areInLine(one: NodePath, other: NodePath): boolean {
  return one.slice(0, other.length).every((key, index) => String(key) === String(other[index]));
}
