import { MAX_LABEL_NAME_BYTES } from './loki-limits.ts';

const NOT_ALPHANUMERIC = /[^A-Za-z0-9]+/g;
const UNDERSCORES_ONLY = /^_*$/;
const LEADING_DIGIT = /^[0-9]/;

/** Enough of a name of symbols to tell it from others. */
const MAX_SPELLED_CODE_POINTS = 64;
const HASH_DIGITS = 8;

/**
 * The name Loki gives an attribute: each run of other characters becomes one `_`, a leading digit gets `key_`, and
 * `__x__` keeps its underscores. Loki refuses a whole request for a name of which nothing but underscores is left;
 * such a name is spelled as hexadecimal code points instead: `é` becomes `key_e9`, an empty one `key_empty`.
 * @see https://github.com/prometheus/otlptranslator/blob/main/label_namer.go (read 2026-11-21, as Loki vendors it)
 */
export function labelName(name: string): string {
  const isReserved = name.length >= 4 && name.startsWith('__') && name.endsWith('__');
  const inner = (isReserved ? name.slice(2, -2) : name).replace(NOT_ALPHANUMERIC, '_');
  const cleaned = isReserved ? `__${inner}__` : inner;
  if (UNDERSCORES_ONLY.test(cleaned)) return spellName(name);
  return LEADING_DIGIT.test(cleaned) ? `key_${cleaned}` : cleaned;
}

/** A name that fits where Loki limits the length of names; what is cut off is replaced by a hash, so that two names stay two. */
export function shortenLabelName(name: string): string {
  if (name.length <= MAX_LABEL_NAME_BYTES) return name;
  return `${name.slice(0, MAX_LABEL_NAME_BYTES - HASH_DIGITS - 1)}_${hash(name)}`;
}

function spellName(name: string): string {
  if (name === '') return 'key_empty';
  const codePoints = Array.from(name, (character) => (character.codePointAt(0) as number).toString(16));
  const spelled = `key_${codePoints.slice(0, MAX_SPELLED_CODE_POINTS).join('_')}`;
  return codePoints.length > MAX_SPELLED_CODE_POINTS ? `${spelled}_${hash(name)}` : spelled;
}

/** FNV-1a, 32 bits: it only has to keep apart the few names of one record that are that long. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(HASH_DIGITS, '0');
}
