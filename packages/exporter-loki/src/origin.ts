import { type OriginTexts, prepareTexts } from '#fast-encoding';
import { type PlainValue, toPlainValue } from '@spillway/core';

import { attributePairs, valuePairs } from './attribute-pairs.ts';
import type { EncodeOptions } from './encode-options.ts';
import { fitLabels, INDEX_ATTRIBUTES, type Label } from './index-labels.ts';
import { readField } from './read-field.ts';
import { StructuredMetadata } from './structured-metadata.ts';
import { isPlainMap, valueText } from './value-text.ts';

/** Value of the opt-in metadata `schema`; changes when the mapping does. */
const SCHEMA_VERSION = 'spillway/loki/v1';

/** What all records of one resource and scope have in common, worked out once. */
export interface Origin extends OriginTexts {
  /** Labels of the stream, extra ones from attributes of records not included. */
  readonly labels: readonly Label[];
  /** Metadata of the resource and the scope. */
  readonly metadata: StructuredMetadata;
}

export function makeOrigin(resource: unknown, scope: unknown, options: EncodeOptions): Origin {
  const metadata = new StructuredMetadata();
  const labels = addResource(metadata, readField(resource, 'attributes'), options.labels);
  addScope(metadata, scope);
  if (options.schemaVersion) metadata.set('schema', SCHEMA_VERSION, 'mark');
  return { labels, metadata, ...prepareTexts(metadata, options.labels) };
}

/** Splits a resource into labels, which are returned, and metadata. */
function addResource(metadata: StructuredMetadata, attributes: unknown, extraLabels: readonly string[]): Label[] {
  const plain = toPlainValue(attributes ?? {});
  const table = isPlainMap(plain) ? plain : {};
  const { labels, surplus } = fitLabels(labelsOf(table, INDEX_ATTRIBUTES), extraLabels.length);
  const extraKeys = extraLabels.filter((key) => !INDEX_ATTRIBUTES.includes(key));
  const isLabel = (key: string): boolean => INDEX_ATTRIBUTES.includes(key) || extraKeys.includes(key);
  attributePairs(plain, (name, value) => metadata.set(name, value, 'resource'), isLabel);
  for (const [name, value] of surplus) metadata.set(name, value, 'resource');
  return [...labels, ...fitLabels(labelsOf(table, extraKeys), 0).labels];
}

function labelsOf(table: { [key: string]: PlainValue }, keys: readonly string[]): Label[] {
  // Two keys of a map can come to one name: the last one counts, and an empty value erases what was before.
  const labels = new Map<string, string>();
  for (const key of keys) {
    if (!Object.hasOwn(table, key)) continue;
    valuePairs(key, table[key] as PlainValue, (name, value) => {
      labels.set(name, value);
    });
  }
  return [...labels].filter(([, value]) => value !== '');
}

function addScope(metadata: StructuredMetadata, scope: unknown): void {
  attributePairs(readField(scope, 'attributes'), (name, value) => metadata.set(name, value, 'scope'));
  const fields: readonly [name: string, value: unknown][] = [
    ['scope_name', readField(scope, 'name')],
    ['scope_version', readField(scope, 'version')],
    ['scope_dropped_attributes_count', readField(scope, 'droppedAttributesCount') || undefined],
  ];
  for (const [name, field] of fields) {
    const value = valueText(toPlainValue(field));
    if (value !== '') metadata.set(name, value, 'scope');
  }
}
