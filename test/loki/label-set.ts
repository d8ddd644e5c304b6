import { compareUtf8 } from './go-text.ts';
import { formatLabels } from './label-parser.ts';
import type { Pair } from './push-request.ts';

const byName = ([a]: Pair, [b]: Pair): number => compareUtf8(a, b);

/** The value of a label, or undefined. */
export const labelValue = (labels: readonly Pair[], name: string): string | undefined => {
  for (const label of labels) if (label[0] === name) return label[1];
  return undefined;
};

/** The labels in order of their names; repeated names stay. */
export const sortLabels = (labels: readonly Pair[]): Pair[] => labels.toSorted(byName);

/**
 * Changes to a sorted set of labels, with the precedence of Prometheus' builder: what was set wins over the base, whatever was deleted
 * before or after, and replaces the first label of that name only.
 */
export class LabelEdits {
  readonly #base: readonly Pair[];
  readonly #deleted = new Set<string>();
  readonly #added = new Map<string, string>();

  constructor(base: readonly Pair[]) {
    this.#base = base;
    for (const [name, value] of base) if (value === '') this.#deleted.add(name);
  }

  delete(name: string): void {
    this.#added.delete(name);
    this.#deleted.add(name);
  }

  /** An empty value deletes. */
  set(name: string, value: string): void {
    if (value === '') this.delete(name);
    else this.#added.set(name, value);
  }

  result(): readonly Pair[] {
    if (this.#deleted.size === 0 && this.#added.size === 0) return this.#base;
    const replaced = new Set<string>();
    const kept: Pair[] = [];
    for (const label of this.#base) {
      const [name] = label;
      const value = this.#added.get(name);
      if (this.#deleted.has(name)) continue;
      if (value === undefined || replaced.has(name)) kept.push(label);
      else kept.push([name, value]);
      replaced.add(name);
    }
    for (const added of this.#added) if (!replaced.has(added[0])) kept.push(added);
    return sortLabels(kept);
  }
}

/** One text per set of labels, to tell sets apart and to order them. */
export const labelsText = (labels: Readonly<Record<string, string>>): string => formatLabels(Object.entries(labels));
