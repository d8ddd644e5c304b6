import type { PlainValue } from '@spillway/core';

import { jsonText } from './json-text.ts';

/** Names that the SDK's copy of an object cannot hold: it would refuse or lose them, and say so only in `diag`. */
const UNFIT_NAMES = ['__proto__', 'constructor'];

/** A value as the SDK takes it: what has a name inside that it cannot hold becomes JSON. */
export function attributeValue(plain: PlainValue): PlainValue {
  return typeof plain === 'object' && hasUnfitName(plain) ? jsonText(plain) : plain;
}

/** Plain values are bounded in depth and size. */
function hasUnfitName(plain: PlainValue): boolean {
  if (typeof plain !== 'object' || plain === null || plain instanceof Uint8Array) return false;
  if (!Array.isArray(plain) && UNFIT_NAMES.some((name) => Object.hasOwn(plain, name))) return true;
  return Object.values(plain).some(hasUnfitName);
}
