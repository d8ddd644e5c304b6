import { BUILTIN_FIELDS } from './builtin-fields.ts';
import { escapeJson } from './json-text.ts';
import { KeyTable } from './key-table.ts';
import type { StructuredMetadata } from './structured-metadata.ts';
import { TailTable } from './tail-table.ts';

/** What `FastRecord` prepares for all records of one resource and scope. */
export interface OriginTexts {
  /** Whether the metadata overrules fields of the record, so that each record needs a closer look. */
  readonly overrulesFields: boolean;
  readonly tails: TailTable;
  /** For records whose extra labels have become metadata. */
  readonly demotedKeys: KeyTable;
  /** For all others. */
  readonly keys: KeyTable;
}

const NO_KEYS: ReadonlySet<string> = new Set();

/**
 * @param metadata of the resource and the scope
 * @param extraLabels attributes of records that are labels
 */
export function prepareTexts(metadata: StructuredMetadata, extraLabels: readonly string[]): OriginTexts {
  const pairs = metadata.pairs();
  const fixedText = pairs.map(({ name, value }) => `","${name}":"${escapeJson(value)}`).join('');
  const isOverruled = (name: string): boolean => metadata.has(name);
  return {
    overrulesFields: [...BUILTIN_FIELDS.keys()].some(isOverruled),
    tails: new TailTable(fixedText, pairs.length),
    demotedKeys: new KeyTable(isOverruled, NO_KEYS),
    keys: new KeyTable(isOverruled, new Set(extraLabels)),
  };
}
