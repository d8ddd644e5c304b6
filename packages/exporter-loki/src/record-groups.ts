import type { DropReason } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { EncodeState } from './encode-state.ts';
import { type Label, labelValue } from './index-labels.ts';
import type { Origin } from './origin.ts';
import { readField } from './read-field.ts';
import type { Stream } from './stream-registry.ts';

/** Records that go to one stream. */
export interface RecordGroup {
  readonly stream: Stream;
  readonly records: ReadableLogRecord[];
  /** Those of them whose extra labels had to become metadata. */
  readonly demoted: Set<ReadableLogRecord>;
}

/** Where records of one origin, tenant and set of extra labels go. */
interface Placement {
  readonly group: RecordGroup;
  readonly isDemoted: boolean;
}

/** Sorts the records of one batch by stream, in their order. */
export class RecordGroups {
  readonly #state: EncodeState;
  readonly #drop: (reason: DropReason) => void;
  readonly #groups = new Map<Stream, RecordGroup>();
  readonly #placements = new Map<Origin, Map<string, Placement>>();
  readonly #isOneStreamPerOrigin: boolean;
  #lastOrigin: Origin | undefined;
  #lastPlacement: Placement | undefined;

  constructor(state: EncodeState, drop: (reason: DropReason) => void) {
    const { labels, tenantId } = state.options;
    this.#state = state;
    this.#drop = drop;
    this.#isOneStreamPerOrigin = labels.length === 0 && typeof tenantId !== 'function';
  }

  /** Groups by tenant. */
  byTenant(): Iterable<RecordGroup[]> {
    const tenants = new Map<string | undefined, RecordGroup[]>();
    for (const group of this.#groups.values()) {
      const { tenant } = group.stream;
      const groups = tenants.get(tenant);
      if (groups === undefined) tenants.set(tenant, [group]);
      else groups.push(group);
    }
    return tenants.values();
  }

  /** Never throws. */
  add(record: ReadableLogRecord): void {
    const origin = this.#state.originOf(record);
    if (origin === undefined) {
      this.#drop('invalid');
      return;
    }
    if (origin !== this.#lastOrigin || !this.#isOneStreamPerOrigin) {
      this.#lastPlacement = this.#find(record, origin);
      this.#lastOrigin = origin;
    }
    if (this.#lastPlacement === undefined) {
      this.#drop('invalid');
      return;
    }
    const { group, isDemoted } = this.#lastPlacement;
    group.records.push(record);
    if (isDemoted) group.demoted.add(record);
  }

  /** Undefined for a record of a tenant that there cannot be. */
  #find(record: ReadableLogRecord, origin: Origin): Placement | undefined {
    const tenant = this.#state.tenantOf(record);
    if (tenant === null) return undefined;
    const extra = this.#extraLabels(record);
    const key = JSON.stringify([tenant, ...extra]);
    let placements = this.#placements.get(origin);
    if (placements === undefined) {
      placements = new Map();
      this.#placements.set(origin, placements);
    }
    let placement = placements.get(key);
    if (placement === undefined) {
      placement = this.#place(origin, tenant, extra);
      placements.set(key, placement);
    }
    return placement;
  }

  /** Values of the extra labels, in their order; undefined for one that the record does not have. */
  #extraLabels(record: ReadableLogRecord): (string | undefined)[] {
    const { labels } = this.#state.options;
    if (labels.length === 0) return [];
    const attributes = readField(record, 'attributes');
    return labels.map((key) => extraLabelValue(readField(attributes, key)));
  }

  #place(origin: Origin, tenant: string | undefined, extra: readonly (string | undefined)[]): Placement {
    const { streams, labelNames } = this.#state;
    const labels: Label[] = [...origin.labels];
    for (const [index, value] of extra.entries()) {
      if (value !== undefined) labels.push([labelNames[index] as string, value]);
    }
    const hasExtra = labels.length > origin.labels.length;
    const stream = streams.find(tenant, labels, hasExtra);
    if (stream !== undefined) return { group: this.#groupOf(stream), isDemoted: false };
    this.#state.onStreamLimit();
    return { group: this.#groupOf(streams.find(tenant, origin.labels, false) as Stream), isDemoted: true };
  }

  #groupOf(stream: Stream): RecordGroup {
    let group = this.#groups.get(stream);
    if (group === undefined) {
      group = { stream, records: [], demoted: new Set() };
      this.#groups.set(stream, group);
    }
    return group;
  }
}

/** Only what is one text can be a label; arrays and maps stay metadata. */
export function extraLabelValue(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return value === '' ? undefined : labelValue(String(value));
}
