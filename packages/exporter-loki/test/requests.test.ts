import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { EncodeState } from '../src/encode-state.ts';
import { encode } from '../src/encode.ts';
import { splitPayload } from '../src/push-body.ts';
import { CONTEXT, encodeOnce, makeRecord, NOW_MILLIS, OPTIONS } from './encode-options.ts';
import { allEntries, entriesOf, textOf } from './push-request.ts';
import { batches } from './record-arbitraries.ts';

const HOUR_MILLIS = 3_600_000;

function recordOfService(name: string, body: string): ReadableLogRecord {
  return makeRecord({ body, resource: { attributes: { 'service.name': name } } });
}

function recordsOfUsers(count: number): ReadableLogRecord[] {
  return Array.from({ length: count }, (_, index) => makeRecord({ attributes: { user: `u${index}` } }));
}

function tenantOf({ attributes }: ReadableLogRecord): string | undefined {
  return attributes['tenant'] as string | undefined;
}

function bodyOf({ body }: ReadableLogRecord): string {
  if (body === 'throw') throw new Error('no tenant');
  return body as string;
}

describe('requests', () => {
  it('hold one stream each for up to 16 streams', () => {
    const records = Array.from({ length: 64 }, (_, index) => recordOfService(`s${index % 16}`, `line ${index}`));
    const { payloads } = encodeOnce(records);
    expect(payloads).toHaveLength(16);
    expect(payloads.map((payload) => entriesOf(payload).length)).toEqual(Array.from({ length: 16 }, () => 4));
  });

  it('are packed for more streams than that', () => {
    const records = Array.from({ length: 64 }, (_, index) => recordOfService(`s${index % 17}`, `line ${index}`));
    const { payloads } = encodeOnce(records);
    expect(payloads).toHaveLength(1);
    expect(
      allEntries(payloads)
        .map(({ line }) => line)
        .toSorted(),
    ).toEqual(records.map(({ body }) => body as string).toSorted());
  });

  it.each([
    ['ASCII', 'x'.repeat(700)],
    ['three bytes a character', '世'.repeat(700)],
    ['text that is escaped', '"\u0001'.repeat(300)],
  ])('stay within their size: %s', (_, body) => {
    const records = Array.from({ length: 500 }, (_unused, index) =>
      recordOfService(`s${index % 20}`, `${body}${index}`),
    );
    for (const count of [100, 500]) {
      const { payloads } = encodeOnce(records.slice(0, count), { maxRequestBytes: 0x1_0000 });
      for (const payload of payloads) expect(payload.body.length).toBeLessThanOrEqual(0x1_0000);
      expect(payloads.length).toBeGreaterThan(1);
      expect(allEntries(payloads)).toHaveLength(count);
    }
  });

  it('are filled', () => {
    const records = Array.from({ length: 2000 }, (_, index) => makeRecord({ body: `${'x'.repeat(200)}${index}` }));
    const { payloads } = encodeOnce(records, { maxRequestBytes: 0x1_0000 });
    for (const payload of payloads.slice(0, -1)) expect(payload.body.length).toBeGreaterThan(0x1_0000 - 600);
  });

  it('hold a record alone that is larger than they may be', () => {
    const { payloads } = encodeOnce([makeRecord(), makeRecord({ body: 'x'.repeat(100_000) }), makeRecord()], {
      maxRequestBytes: 0x1_0000,
    });
    expect(payloads.map((payload) => payload.recordOffsets.length)).toEqual([1, 1, 1]);
  });

  it('become smaller where the backend asks for that, down to 16 KiB', () => {
    const records = Array.from({ length: 500 }, () => makeRecord({ body: 'x'.repeat(500) }));
    const sizes = [1, 0.5, 0.25, 0.001].map((ratio) => {
      const { payloads } = encode(records, new EncodeState({ ...OPTIONS, maxRequestBytes: 0x2_0000 }), {
        ...CONTEXT,
        sizeRatio: () => ratio,
      });
      return Math.max(...payloads.map((payload) => payload.body.length));
    });
    for (const [index, limit] of [0x2_0000, 0x1_0000, 0x8000, 0x4000].entries()) {
      expect(sizes[index]).toBeLessThanOrEqual(limit);
      expect(sizes[index]).toBeGreaterThan(limit - 1000);
    }
  });

  it('are those of one tenant, which a function can tell from the record', () => {
    const records = ['a', 'b', 'a', undefined, ''].map((tenant) => makeRecord({ attributes: { tenant } }));
    const { payloads } = encodeOnce(records, { tenantId: tenantOf });
    expect(payloads.map(({ tenant, recordOffsets }) => [tenant, recordOffsets.length])).toEqual([
      ['a', 2],
      ['b', 1],
      [undefined, 2],
    ]);
    expect(encodeOnce(records, { tenantId: 'fixed' }).payloads.map(({ tenant }) => tenant)).toEqual(['fixed']);
  });

  it('ask each tenant for its size', () => {
    const sizeRatio = vi.fn<(tenant: string | undefined) => number>(() => 1);
    const state = new EncodeState({ ...OPTIONS, tenantId: bodyOf });
    encode([makeRecord({ body: 'a' }), makeRecord({ body: 'b' })], state, { ...CONTEXT, sizeRatio });
    expect(sizeRatio.mock.calls).toEqual([['a'], ['b']]);
  });

  it('go without a tenant where its function throws, and not at all for a tenant that there cannot be', () => {
    const onTenantError = vi.fn<(error: unknown) => void>();
    const state = new EncodeState({ ...OPTIONS, tenantId: bodyOf }, { onTenantError });
    const records = ['throw', 'a/b', 'a|b', 'x'.repeat(151), 'a\r\nb', '..', 'ok'].map((body) => makeRecord({ body }));
    const { payloads, drops } = encode([...records, makeRecord({ body: 7 })], state, CONTEXT);
    expect(payloads.map(({ tenant }) => tenant)).toEqual([undefined, 'ok']);
    expect(drops).toEqual([{ count: 6, reason: 'invalid' }]);
    expect(onTenantError).toHaveBeenCalledTimes(7);
  });
});

describe('extra labels', () => {
  it('make streams of attributes, and are not metadata then', () => {
    const records = [makeRecord({ attributes: { 'http.route': '/a', x: 1 } }), makeRecord({ attributes: { x: 2 } })];
    const entries = allEntries(encodeOnce(records, { labels: ['http.route'] }).payloads);
    expect(entries.map(({ labels }) => labels)).toEqual([
      { service_name: 'shop', http_route: '/a' },
      { service_name: 'shop' },
    ]);
    expect(entries.map(({ metadata }) => metadata['x'])).toEqual(['1', '2']);
    expect(entries[0]?.metadata).not.toHaveProperty('http_route');
  });

  it('can come from the resource, and the record overrides them', () => {
    const resource = { attributes: { 'service.name': 'shop', 'host.name': 'h1' } };
    const records = [makeRecord({ resource }), makeRecord({ resource, attributes: { 'host.name': 'h2' } })];
    const entries = allEntries(encodeOnce(records, { labels: ['host.name'] }).payloads);
    expect(entries.map(({ labels }) => labels['host_name'])).toEqual(['h1', 'h2']);
  });

  it('become metadata from the stream on that is one too many, until the hour is over', () => {
    const onStreamLimit = vi.fn<() => void>();
    const state = new EncodeState({ ...OPTIONS, labels: ['user'], maxStreams: 3 }, { onStreamLimit });
    const run = (nowMillis: number): (string | undefined)[][] => {
      const { payloads } = encode(recordsOfUsers(5), state, { ...CONTEXT, nowMillis });
      return allEntries(payloads).map(({ labels, metadata }) => [labels['user'], metadata['user']]);
    };
    const capped = [
      ['u0', undefined],
      ['u1', undefined],
      ['u2', undefined],
      [undefined, 'u3'],
      [undefined, 'u4'],
    ];
    expect(run(NOW_MILLIS)).toEqual(capped);
    expect(run(NOW_MILLIS + HOUR_MILLIS - 1)).toEqual(capped);
    expect(onStreamLimit).toHaveBeenCalledTimes(4);
    expect(run(NOW_MILLIS + HOUR_MILLIS)).toEqual(capped);
  });

  it('never make a stream of more labels than Loki takes', () => {
    const attributes = Object.fromEntries(
      [
        'k8s.job.name',
        'k8s.cronjob.name',
        'service.instance.id',
        'cloud.availability_zone',
        'deployment.environment',
        'deployment.environment.name',
        'cloud.region',
        'k8s.cluster.name',
        'k8s.namespace.name',
        'k8s.pod.name',
        'k8s.container.name',
        'container.name',
        'k8s.replicaset.name',
        'k8s.deployment.name',
        'k8s.statefulset.name',
        'k8s.daemonset.name',
        'service.namespace',
        'service.name',
      ].map((key) => [key, `v-${key}`]),
    );
    const [entry] = allEntries(encodeOnce([makeRecord({ resource: { attributes } })]).payloads);
    expect(Object.keys(entry?.labels ?? {})).toHaveLength(16);
    expect(entry?.labels['service_name']).toBe('v-service.name');
    expect(entry?.metadata).toMatchObject({
      service_instance_id: 'v-service.instance.id',
      k8s_replicaset_name: 'v-k8s.replicaset.name',
    });
    const record = makeRecord({ resource: { attributes }, attributes: { a: 1, b: 2 } });
    const [labelled] = allEntries(encodeOnce([record], { labels: ['a', 'b'] }).payloads);
    expect(Object.keys(labelled?.labels ?? {})).toHaveLength(16);
    expect(labelled?.labels).toMatchObject({ a: '1', b: '2', service_name: 'v-service.name' });
  });
});

describe('splitPayload', () => {
  it('cuts any payload down to its records without changing a byte of them', () => {
    fc.assert(
      fc.property(batches, fc.boolean(), (list, isPacked) => {
        const records = list.flat();
        const spread = isPacked ? Array.from({ length: 20 }, (_, index) => recordOfService(`s${index}`, '],["')) : [];
        for (const payload of encodeOnce([...records, ...spread, ...records]).payloads) {
          const singles = splitAll(payload);
          expect(singles.map((single) => single.recordOffsets.length)).toEqual(
            Array.from(payload.recordOffsets, () => 1),
          );
          expect(allEntries(singles)).toEqual(entriesOf(payload));
          const whole = textOf(payload);
          for (const single of singles) {
            const lines = textOf(single).split('\n');
            expect(lines).toHaveLength(3);
            expect(whole).toContain(lines[1]);
            expect(whole).toContain((lines[2] as string).slice(0, -']}]}'.length));
          }
        }
      }),
    );
  });

  it('keeps severity, age and tenant, and leaves a single record as it is', () => {
    const [payload] = encodeOnce([makeRecord({ severityNumber: 17 }), makeRecord()], { tenantId: 't' }).payloads;
    if (payload === undefined) throw new Error('Expected a payload.');
    const halves = splitPayload(payload);
    for (const half of halves)
      expect(half).toMatchObject({ highestSeverity: 17, oldestTimeMillis: NOW_MILLIS, tenant: 't' });
    expect(splitPayload(halves[0] as typeof payload)).toEqual([halves[0]]);
  });
});

function splitAll(payload: Parameters<typeof splitPayload>[0]): (typeof payload)[] {
  return payload.recordOffsets.length > 1 ? splitPayload(payload).flatMap((half) => splitAll(half)) : [payload];
}
