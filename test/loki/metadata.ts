import { quoteGo } from './go-text.ts';
import { LabelEdits, sortLabels } from './label-set.ts';
import type { Pair } from './push-request.ts';
import { Refusal } from './refusal.ts';

const PLAIN_NAME = /^(?=.*[a-zA-Z0-9])(?![0-9])(?:[a-zA-Z0-9]|_(?!_))*$/;

/**
 * A metadata name made of letters, digits and single underscores, by the rules of prometheus/otlptranslator that Loki applies.
 * A name of which nothing would be left is refused with status 500, and the whole request with it.
 */
export const normalizeName = (name: string): string => {
  if (PLAIN_NAME.test(name)) return name;
  if (name === '') throw new Refusal(500, 'label name is empty');
  const isReserved = name.length >= 4 && name.startsWith('__') && name.endsWith('__');
  const inner = (isReserved ? name.slice(2, -2) : name).replace(/[^a-zA-Z0-9]+/gu, '_');
  const normalized = isReserved ? `__${inner}__` : /^[0-9]/.test(inner) ? `key_${inner}` : inner;
  if (/^_*$/.test(normalized)) {
    throw new Refusal(
      500,
      `normalization for label name ${quoteGo(name)} resulted in invalid name ${quoteGo(normalized)}`,
    );
  }
  return normalized;
};

/** Structured metadata as Loki stores it: sorted, names normalised, empty values removed, U+FFFD made a space. */
export const normalizeMetadata = (metadata: readonly Pair[]): readonly Pair[] => {
  if (metadata.length === 0) return metadata;
  const edits = new LabelEdits(sortLabels(metadata));
  for (const [name, value] of metadata) {
    const normalized = normalizeName(name);
    if (normalized !== name) {
      edits.delete(name);
      edits.set(normalized, value);
    }
    if (value.includes('\ufffd')) edits.set(normalized, value.replaceAll('\ufffd', ' '));
  }
  return edits.result();
};
