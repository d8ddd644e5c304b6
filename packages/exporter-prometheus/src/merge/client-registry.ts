import { checkMethods } from '@spillway/core';

import { boundText } from '../exposition/number-text.ts';
import { OPEN_METRICS_FORMAT } from '../exposition/negotiate.ts';
import { counterSampleName, ownNames } from '../rules/metric-name.ts';
import type { Exemplar, FamilySnapshot, Label, SeriesSnapshot } from '../store/family-snapshot.ts';

/** What both prom-client 15 and `@prometheus-io/client` have as `Registry`. */
export interface ClientRegistry {
  readonly contentType: string;
  /** Typed as it is because the libraries want one of their own classes; they only call what {@link ClientMetric} has. */
  registerMetric(metric: never): void;
  getSingleMetric(name: string): unknown;
  removeSingleMetric(name: string): void;
}

interface ClientExemplar {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  /** In seconds. */
  readonly timestamp: number;
}

/** One line of what a registry prints. */
interface ClientValue {
  readonly labels: Record<string, string>;
  readonly value: number;
  /** Of samples that are not named as their metric. */
  readonly metricName?: string;
  readonly exemplar?: ClientExemplar;
}

interface ClientMetricValues {
  readonly name: string;
  readonly help: string;
  readonly type: FamilySnapshot['type'];
  readonly aggregator: 'sum';
  readonly values: ClientValue[];
}

/** A metric as registries use it. They also set the name, which nothing here reads again. */
interface ClientMetric {
  name: string;
  readonly help: string;
  readonly type: FamilySnapshot['type'];
  /** How processes of a cluster are put together. */
  readonly aggregator: 'sum';
  get(): Promise<ClientMetricValues>;
  /** Nothing: counters that begin again would look like a restart. */
  reset(): void;
}

const MILLIS_PER_SECOND = 1000;

/**
 * Puts metrics into a registry of the application, which reads them whenever it is asked for its own.
 * @returns takes them out again; what it does is done once.
 * @throws Error naming a metric that the registry has already; nothing is registered then.
 */
export function registerFamilies(registry: ClientRegistry, families: () => readonly FamilySnapshot[]): () => void {
  checkMethods('registry', registry, ['registerMetric', 'getSingleMetric', 'removeSingleMetric']);
  const current = oncePerTurn(families);
  for (const { name, type } of current()) checkFree(registry, ownNames(name, type));
  const registered: (readonly [key: string, metric: ClientMetric])[] = [];
  const unregister = (): void => {
    for (const [key, metric] of registered.splice(0)) {
      // The application may have cleared the registry, and given the name to another.
      if (registry.getSingleMetric(key) === metric) registry.removeSingleMetric(key);
    }
  };
  try {
    for (const [index, family] of current().entries()) {
      const metric = clientMetric(registry, family, () => current()[index] ?? family);
      const key = metric.name;
      registry.registerMetric(metric as never);
      registered.push([key, metric]);
    }
  } catch (error) {
    unregister();
    throw error;
  }
  return unregister;
}

/** A registry asks each metric by itself, all in one turn: they share a snapshot, which is of one moment then. */
function oncePerTurn(families: () => readonly FamilySnapshot[]): () => readonly FamilySnapshot[] {
  let current: readonly FamilySnapshot[] | undefined;
  return () => {
    if (current === undefined) {
      current = families();
      queueMicrotask(() => (current = undefined));
    }
    return current;
  };
}

function checkFree(registry: ClientRegistry, names: readonly string[]): void {
  const taken = names.find((name) => registry.getSingleMetric(name) !== undefined);
  if (taken === undefined) return;
  throw new Error(`The registry already has a metric \`${taken}\`: no metric of the exporter was registered.`);
}

function clientMetric(
  registry: ClientRegistry,
  { name, help, type }: FamilySnapshot,
  family: () => FamilySnapshot,
): ClientMetric {
  return {
    name: type === 'counter' ? counterSampleName(name) : name,
    help,
    type,
    aggregator: 'sum',
    reset: () => {},
    get: async () => {
      // What the registry speaks may change, and with it the name: in OpenMetrics it appends `_total` itself.
      const isOpenMetrics = registry.contentType === OPEN_METRICS_FORMAT.contentType;
      const sampleName = type === 'counter' && !isOpenMetrics ? counterSampleName(name) : name;
      const values = family().series.flatMap((series) => seriesValues(name, series, isOpenMetrics));
      return { name: sampleName, help, type, aggregator: 'sum', values };
    },
  };
}

/** @param hasExemplars whether the registry prints them: what is put together from several that print none may have none */
function seriesValues(
  name: string,
  { labels, value, exemplar, buckets }: SeriesSnapshot,
  hasExemplars: boolean,
): ClientValue[] {
  const sample = (number: number, example: Exemplar | undefined, ...more: Label[]): ClientValue => {
    const values = { labels: Object.fromEntries([...labels, ...more]), value: number };
    return example === undefined || !hasExemplars ? values : { ...values, exemplar: clientExemplar(example) };
  };
  if (buckets === undefined) return [sample(value, exemplar)];
  return [
    ...buckets.map((bucket) => ({
      ...sample(bucket.count, bucket.exemplar, ['le', boundText(bucket.upperBound)]),
      metricName: `${name}_bucket`,
    })),
    { ...sample(value, undefined), metricName: `${name}_sum` },
    { ...sample(buckets.at(-1)?.count ?? 0, undefined), metricName: `${name}_count` },
  ];
}

function clientExemplar({ labels, value, timestampMillis }: Exemplar): ClientExemplar {
  return { labelSet: Object.fromEntries(labels), value, timestamp: timestampMillis / MILLIS_PER_SECOND };
}
