import * as successor from '@prometheus-io/client';
import * as promClient from 'prom-client';
import { describe, expect, it } from 'vitest';

import { PrometheusLogRecordExporter } from '../../src/prometheus-log-record-exporter.ts';
import type { ClientRegistry } from '../../src/merge/client-registry.ts';
import type { Format } from '../exposition/parsed-family.ts';
import { parseExposition } from '../exposition/strict-parser.ts';
import { logRecord } from '../store/log-record.ts';
import { hostileExporter } from './hostile-exporter.ts';
import { readSamples } from './read-samples.ts';

interface Library {
  readonly name: string;
  readonly Registry: {
    new (contentType?: never): TestRegistry;
    merge(registries: readonly TestRegistry[]): TestRegistry;
  };
  /** What has the static method that adds up the processes of a cluster. */
  readonly Aggregator: { aggregate(parts: readonly unknown[][]): TestRegistry };
  readonly Counter: new (options: { name: string; help: string; registers: never[] }) => { inc(): void };
}

/** What both libraries' registries have. */
interface TestRegistry extends ClientRegistry {
  metrics(): Promise<string>;
  getMetricsAsJSON(): Promise<unknown[]>;
  getMetricsAsArray(): unknown[];
  resetMetrics(): void;
  clear(): void;
  setContentType(contentType: never): void;
  setDefaultLabels(labels: object): void;
}

const TYPES: Readonly<Record<Format, string>> = {
  text: promClient.Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: promClient.Registry.OPENMETRICS_CONTENT_TYPE,
};
const LIBRARIES = [
  { ...promClient, name: 'prom-client', Aggregator: promClient.AggregatorRegistry },
  { ...successor, name: '@prometheus-io/client', Aggregator: successor.Registry },
] as unknown as readonly Library[];
const CASES = LIBRARIES.flatMap((library) =>
  (['text', 'openmetrics'] as const).map((format) => ({ library, format, title: `${library.name}, ${format}` })),
);

const parse = (page: string, format: Format): ReturnType<typeof parseExposition> =>
  parseExposition(page.replaceAll('\n\n', '\n'), format);

it('takes the registries of both libraries by their own types', () => {
  const exporter = new PrometheusLogRecordExporter();
  for (const unregister of [
    exporter.registerInto(new promClient.Registry()),
    exporter.registerInto(promClient.register),
    exporter.registerInto(new promClient.Registry<promClient.OpenMetricsContentType>()),
    exporter.registerInto(new successor.Registry()),
  ]) {
    unregister();
  }
  expect(promClient.register.getMetricsAsArray()).toEqual([]);
});

describe.each(CASES)('a registry of $title', ({ library, format }) => {
  const makeRegistry = (): TestRegistry => new library.Registry(TYPES[format] as never);
  const addOwn = (registry: TestRegistry, name: string): { inc(): void } =>
    new library.Counter({ name, help: 'Own.', registers: [registry as never] });

  it('prints all metrics as the exporter does, whatever their labels, and its own beside them', async () => {
    const registry = makeRegistry();
    addOwn(registry, 'own_total').inc();
    const exporter = hostileExporter();
    exporter.registerInto(registry);
    const accept = format === 'openmetrics' ? 'application/openmetrics-text' : undefined;
    const own = parseExposition(exporter.metrics(accept).body, format);
    // Twice: printing may change a metric.
    for (const page of [await registry.metrics(), await registry.metrics()]) {
      const families = parse(page, format);
      expect(families.find(({ name }) => name.startsWith('own'))?.samples[0]?.value).toBe(1);
      for (const { name, type, samples } of own) {
        expect(families.find((family) => family.name === name)).toMatchObject({ type, samples });
      }
      expect(families).toHaveLength(own.length + 2);
    }
    const exemplars = own.flatMap(({ samples }) => samples.filter(({ exemplar }) => exemplar !== undefined));
    expect(exemplars.length > 0).toBe(format === 'openmetrics');
  });

  it('shows what was counted since it was registered, in the same turn too', async () => {
    const registry = makeRegistry();
    const exporter = new PrometheusLogRecordExporter({ metrics: [{ name: 'n', type: 'counter', help: 'N.' }] });
    exporter.registerInto(registry);
    const pages: Promise<string>[] = [];
    for (let count = 0; count < 3; count += 1) {
      pages.push(registry.metrics());
      exporter.export([logRecord()], () => {});
    }
    const values = (await Promise.all(pages)).map((page) => parse(page, format)[0]?.samples[0]?.value);
    expect(values).toEqual([0, 1, 2]);
  });

  it('shows what was counted in between, and never begins again', async () => {
    const registry = makeRegistry();
    const exporter = new PrometheusLogRecordExporter({ metrics: [{ name: 'n', type: 'counter', help: 'N.' }] });
    exporter.registerInto(registry);
    for (const count of [0, 1, 2]) {
      expect(parse(await registry.metrics(), format)[0]?.samples[0]?.value).toBe(count);
      exporter.export([logRecord()], () => {});
      registry.resetMetrics();
    }
  });

  it('may be merged with others, and goes on counting in the merged one', async () => {
    const [registry, other] = [makeRegistry(), makeRegistry()];
    addOwn(other, 'own_total').inc();
    const exporter = new PrometheusLogRecordExporter({ metrics: [{ name: 'n', type: 'counter', help: 'N.' }] });
    exporter.registerInto(registry);
    const merged = library.Registry.merge([registry, other]);
    for (const count of [0, 1, 2]) {
      const samples = parse(await merged.metrics(), format).flatMap((family) => family.samples);
      expect(samples.map(({ name, value }) => [name, value])).toEqual([
        ['n_total', count],
        ['own_total', 1],
      ]);
      exporter.export([logRecord()], () => {});
    }
  });

  it('takes the metrics out again, and nothing that came after them', async () => {
    const registry = makeRegistry();
    const exporter = hostileExporter();
    const unregister = exporter.registerInto(registry);
    await registry.metrics();
    unregister();
    expect(registry.getMetricsAsArray()).toEqual([]);
    const late = exporter.registerInto(registry);
    registry.clear();
    addOwn(registry, 'hits_total');
    unregister();
    late();
    expect(registry.getMetricsAsArray()).toHaveLength(1);
  });

  it('refuses a name that it has already, before anything is registered', () => {
    for (const name of ['hits_total', 'hits', 'payload_bytes_total', 'wait_seconds', 'wait_seconds_bucket']) {
      const registry = makeRegistry();
      addOwn(registry, name);
      expect(() => hostileExporter().registerInto(registry)).toThrow(`already has a metric \`${name}\``);
      expect(registry.getMetricsAsArray()).toHaveLength(1);
    }
  });

  it('has two exporters, unless they share a name', async () => {
    const registry = makeRegistry();
    const first = hostileExporter();
    first.registerInto(registry);
    const count = registry.getMetricsAsArray().length;
    expect(() => first.registerInto(registry)).toThrow('already has a metric `hits_total`');
    expect(() => hostileExporter().registerInto(registry)).toThrow('already has a metric `hits_total`');
    expect(registry.getMetricsAsArray()).toHaveLength(count);
    new PrometheusLogRecordExporter().registerInto(registry);
    expect(parse(await registry.metrics(), format)).toHaveLength(count + 2);
  });

  it('adds its default labels, of which those of a record win', async () => {
    const registry = makeRegistry();
    registry.setDefaultLabels({ zone: 'default', region: 'north' });
    hostileExporter().registerInto(registry);
    const samples = parse(await registry.metrics(), format).flatMap((family) => family.samples);
    const zones = samples.map(({ labels }) => labels.get('zone'));
    expect(new Set(samples.map(({ labels }) => labels.get('region')))).toEqual(new Set(['north']));
    expect(zones).toContain('default');
    expect(zones).toContain('same');
  });

  it('leaves nothing behind where it refuses one of the metrics', () => {
    const registry = makeRegistry();
    const registerMetric = registry.registerMetric.bind(registry);
    registry.registerMetric = (metric: { name: string }): void => {
      if (metric.name === 'depth') throw new Error('no');
      registerMetric(metric as never);
    };
    expect(() => hostileExporter().registerInto(registry)).toThrow('no');
    expect(registry.getMetricsAsArray()).toEqual([]);
  });
});

describe.each(LIBRARIES)('$name', ({ Registry, Aggregator }) => {
  it('may change what a registry speaks', async () => {
    const registry = new Registry();
    const exporter = hostileExporter();
    exporter.registerInto(registry);
    for (const format of ['text', 'openmetrics', 'text', 'openmetrics'] as const) {
      registry.setContentType(TYPES[format] as never);
      const page = await registry.metrics();
      parse(page, format);
      expect(page).toContain('\nhits_total{');
    }
  });

  it('reads all metrics as they were at one moment', async () => {
    const registry = new Registry();
    const exporter = hostileExporter();
    exporter.registerInto(registry);
    const expected = readSamples(exporter.metrics().body);
    const page = registry.metrics();
    exporter.export([logRecord({ attributes: { 'a.b': 'plain', n: 1 }, body: 'late' })], () => {});
    expect(readSamples(await page)).toEqual(expected);
  });

  it('gives the page of a cluster whole names, whatever the registries of its processes speak', async () => {
    const registry = new Registry(TYPES.openmetrics as never);
    const exporter = new PrometheusLogRecordExporter({ metrics: [{ name: 'n', type: 'counter', help: 'N.' }] });
    exporter.registerInto(registry);
    exporter.export([logRecord()], () => {});
    const metrics = await registry.getMetricsAsJSON();
    expect(await Aggregator.aggregate([metrics, metrics]).metrics()).toContain('\nn_total 2\n');
    expect(await registry.metrics()).toContain('\nn_total 1\n');
  });

  it('is given what adds up the processes of a cluster', async () => {
    const registry = new Registry();
    hostileExporter().registerInto(registry);
    const metrics = await registry.getMetricsAsJSON();
    const sums = readSamples(await Aggregator.aggregate([metrics, metrics]).metrics());
    const single = readSamples(await registry.metrics());
    expect(sums).toEqual(new Map([...single].map(([key, value]) => [key, 2 * value])));
  });
});

it('refuses what is no registry', () => {
  const exporter = new PrometheusLogRecordExporter();
  for (const registry of [undefined, null, {}, { registerMetric: () => {} }]) {
    expect(() => exporter.registerInto(registry as never)).toThrow(/^Expected `registry` to be an object with/);
  }
});
