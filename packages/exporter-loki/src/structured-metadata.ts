/**
 * Where a pair comes from, in the order in which a name clash is decided: the later source wins.
 * @see https://github.com/grafana/loki/blob/main/pkg/loghttp/push/otlplabels/labels.go (read 2026-11-21)
 */
export type MetadataSource = 'log' | 'builtin' | 'resource' | 'scope' | 'mark';

export interface MetadataPair {
  readonly name: string;
  readonly value: string;
  readonly source: MetadataSource;
}

/** The structured metadata of one line. Pairs must be added in the order of their sources: the last one of a name stays. */
export class StructuredMetadata {
  readonly #pairs = new Map<string, MetadataPair>();

  /**
   * An empty value erases its name for good, whatever source gives it a value: that is what Loki's label builder does
   * with the pairs of both endpoints.
   * @see https://github.com/prometheus/prometheus/blob/main/model/labels/labels_common.go (`Builder`; read 2026-11-21)
   */
  set(name: string, value: string, source: MetadataSource): void {
    if (this.#pairs.get(name)?.value === '') return;
    this.#pairs.set(name, { name, value, source });
  }

  /** Whether a name is in use, or was erased. */
  has(name: string): boolean {
    return this.#pairs.has(name);
  }

  /** Sets all pairs of another one, erased names included. */
  setAll(other: StructuredMetadata): void {
    for (const { name, value, source } of other.#pairs.values()) this.set(name, value, source);
  }

  /** The pairs that are left. */
  pairs(): MetadataPair[] {
    return [...this.#pairs.values()].filter((pair) => pair.value !== '');
  }
}
