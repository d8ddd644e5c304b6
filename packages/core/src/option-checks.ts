/**
 * Checks of constructor options, with one form of message for every package:
 * "Expected `ratio` to be a number from 0 to 1, got `2` (number)."
 * The wrong kind of value is a `TypeError`, a value out of range a `RangeError`.
 */

/** Bounds of a numeric option; both ends are included. */
export interface NumberRange {
  /** Lowest value accepted. @defaultValue 0 */
  readonly min?: number;
  /** Highest value accepted; `Infinity` itself is accepted only where it is named here. @defaultValue Number.MAX_SAFE_INTEGER */
  readonly max?: number;
}

/** Longest delay a timer can have: a larger one fires after 1 ms in Node and in browsers. */
export const MAX_TIMER_MILLIS: number = 2 ** 31 - 1;

const MAX_SHOWN_CHARACTERS = 80;
const HIGHEST_SEVERITY = 24;

/** Returns `value` if it is a number within the range, else throws. */
export function checkNumber(field: string, value: unknown, range: NumberRange = {}): number {
  return checkRange(field, value, range, 'a number');
}

/** Returns `value` if it is a whole number within the range, else throws. `Infinity` counts as whole where `max` allows it. */
export function checkInteger(field: string, value: unknown, range: NumberRange = {}): number {
  return checkRange(field, value, range, 'an integer', (number) => number === Infinity || Number.isInteger(number));
}

/** Returns `value` if it is a delay that a timer can hold, in whole or fractional milliseconds, else throws. */
export function checkTimerMillis(field: string, value: unknown, min = 0): number {
  return checkNumber(field, value, { min, max: MAX_TIMER_MILLIS });
}

/** Returns `value` if it is a boolean, else throws. */
export function checkBoolean(field: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError(optionMessage(field, 'a boolean', value));
  return value;
}

/** Returns `value` if it is a string that is not empty, else throws. */
export function checkString(field: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(optionMessage(field, 'a string', value));
  if (value === '') throw new RangeError(optionMessage(field, 'a string that is not empty', value));
  return value;
}

/** Returns `value` if it is one of the choices, else throws. */
export function checkOneOf<T extends string>(field: string, value: unknown, choices: readonly T[]): T {
  const match = choices.find((choice) => choice === value);
  if (match !== undefined) return match;
  const rule = `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`;
  throw new (typeof value === 'string' ? RangeError : TypeError)(optionMessage(field, rule, value));
}

/** Throws unless `value` is a function; `undefined` is accepted when `optional`. */
export function checkFunction(field: string, value: unknown, optional = true): void {
  if (typeof value === 'function' || (optional && value === undefined)) return;
  throw new TypeError(optionMessage(field, 'a function', value));
}

/** Throws unless `value` is an object that has all the named methods. */
export function checkMethods(field: string, value: unknown, methods: readonly string[]): void {
  const isObject = typeof value === 'object' && value !== null;
  if (isObject && methods.every((name) => typeof Reflect.get(value, name) === 'function')) return;
  throw new TypeError(optionMessage(field, `an object with ${methods.map((name) => `${name}()`).join(', ')}`, value));
}

/** Throws unless `value` is an object: what a constructor that takes options checks first. */
export function checkOptions(value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  throw new TypeError(optionMessage('options', 'an object', value));
}

/**
 * Throws where an object has a field that it should not have, or one that is null: a misspelt name would leave an option
 * at its default, or a rule without its condition. Fields that are undefined count as left out. The value is never shown:
 * what is misspelt may be a secret.
 *
 * @param prefix stands before the names in messages, such as `rate.`; empty for the options of a constructor
 */
export function checkFields(prefix: string, value: object, names: readonly string[]): void {
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    if (!names.includes(name)) {
      const rule = `left out: it is none of ${names.map((known) => `\`${known}\``).join(', ')}`;
      throw new TypeError(optionMessage(prefix + name, rule, field, '[redacted]'));
    }
    if (field === null) throw new TypeError(optionMessage(prefix + name, 'left out or given a value', field));
  }
}

/** Returns `value` if it can be the lowest severity of something: a severity number, 1 to 24, or `Infinity` for none. */
export function checkMinSeverity(field: string, value: unknown, min = 1): number {
  return value === Infinity ? value : checkInteger(field, value, { min, max: HIGHEST_SEVERITY });
}

/** The one form of message. `shown` stands for a value that may be secret, such as `[redacted]`. */
export function optionMessage(field: string, rule: string, value: unknown, shown: string = show(value)): string {
  return `Expected \`${field}\` to be ${rule}, got \`${shown}\` (${kind(value)}).`;
}

function checkRange(
  field: string,
  value: unknown,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: NumberRange,
  noun: string,
  isRight: (value: number) => boolean = () => true,
): number {
  const rule = `${noun} from ${min} ${max >= Number.MAX_SAFE_INTEGER ? 'and up' : `to ${max}`}`;
  if (typeof value !== 'number') throw new TypeError(optionMessage(field, rule, value));
  if (!(value >= min && value <= max && isRight(value))) throw new RangeError(optionMessage(field, rule, value));
  return value;
}

/** Objects and functions are named, never printed: they may hold secrets. */
function show(value: unknown): string {
  if (typeof value === 'function') return 'function';
  if (typeof value === 'object' && value !== null) return Object.prototype.toString.call(value);
  const text = String(value);
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}...` : text;
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
