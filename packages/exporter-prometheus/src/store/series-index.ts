import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { LabelSource } from '../rules/label-source.ts';
import type { Series } from './series.ts';

/** One level for each label, so that no text is put together to find a series. */
interface Branch extends Map<string, Branch | Series> {}

/** Finds the series of a metric by the values of their labels. */
export class SeriesIndex {
  readonly #labels: readonly LabelSource[];
  #root: Branch | Series | undefined;

  constructor(labels: readonly LabelSource[]) {
    this.#labels = labels;
    this.#root = labels.length === 0 ? undefined : new Map();
  }

  /** The series of a record, where it has all labels, and just as the index has them. */
  find(record: ReadableLogRecord): Series | undefined {
    const labels = this.#labels;
    let node = this.#root;
    for (let index = 0; index < labels.length; index += 1) {
      const value = (labels[index] as LabelSource).read(record);
      if (value === undefined) return undefined;
      node = (node as Branch).get(value);
      if (node === undefined) return undefined;
    }
    return node as Series | undefined;
  }

  get(values: readonly string[]): Series | undefined {
    let node = this.#root;
    for (const value of values) node = (node as Branch | undefined)?.get(value);
    return node as Series | undefined;
  }

  add(series: Series): void {
    const { values } = series;
    if (values.length === 0) this.#root = series;
    let branch = this.#root as Branch;
    for (const [depth, value] of values.entries()) {
      const node = branch.get(value) ?? (depth === values.length - 1 ? series : new Map());
      branch.set(value, node);
      branch = node as Branch;
    }
  }

  delete({ values }: Series): void {
    if (values.length === 0) this.#root = undefined;
    else deleteFrom(this.#root as Branch, values, 0);
  }
}

/** Branches that nothing is left of go as well: they would add up. */
function deleteFrom(branch: Branch, values: readonly string[], depth: number): void {
  const value = values[depth] as string;
  if (depth < values.length - 1) {
    const next = branch.get(value) as Branch;
    deleteFrom(next, values, depth + 1);
    if (next.size > 0) return;
  }
  branch.delete(value);
}
