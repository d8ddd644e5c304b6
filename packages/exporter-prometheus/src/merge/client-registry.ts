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

/** A metric as registries use it. They also set the name: that of a counter loses its `_total` for OpenMetrics. */
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
 * Puts metrics into a registry of the application, which reads them whenever it is asked for its own: all in one turn, so
 * that they are of one moment.
 * @param families read one metric each
 * @returns takes them out again; what it does is done once.
 * @throws Error naming a metric that the registry has already; nothing is registered then.
 */
export function registerFamilies(registry: ClientRegistry, families: readonly (() => FamilySnapshot)[]): () => void {
  checkMethods('registry', registry, ['registerMetric', 'getSingleMetric', 'removeSingleMetric']);
  const metrics = families.map((family) => clientMetric(registry, family));
  for (const family of families) checkFree(registry, family());
  const registered: (readonly [key: string, metric: ClientMetric])[] = [];
  const unregister = (): void => {
    for (const [key, metric] of registered.splice(0)) {
      // The application may have cleared the registry, and given the name to another.
      if (registry.getSingleMetric(key) === metric) registry.removeSingleMetric(key);
    }
  };
  try {
    for (const metric of metrics) {
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

function checkFree(registry: ClientRegistry, { name: family, type }: FamilySnapshot): void {
  const taken = ownNames(family, type).find((name) => registry.getSingleMetric(name) !== undefined);
  if (taken === undefined) return;
  throw new Error(`The registry already has a metric \`${taken}\`: no metric of the exporter was registered.`);
}

function clientMetric(registry: ClientRegistry, family: () => FamilySnapshot): ClientMetric {
  const { name, help, type } = family();
  const ownName = type === 'counter' ? counterSampleName(name) : name;
  const metric: ClientMetric = {
    name: ownName,
    help,
    type,
    aggregator: 'sum',
    reset: () => {},
    get: async () => {
      // What the registry speaks may change, and text needs the whole name again. A process of a cluster hands over the name
      // as it stands, for a page that is text whatever the registry speaks.
      const isOpenMetrics = registry.contentType === OPEN_METRICS_FORMAT.contentType;
      const values = family().series.flatMap((series) => seriesValues(name, series, isOpenMetrics));
      return { name: isOpenMetrics ? metric.name : ownName, help, type, aggregator: 'sum', values };
    },
  };
  return metric;
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
