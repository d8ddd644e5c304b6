import { expect, it } from 'vitest';

import { Pipeline } from './pipeline.ts';

const circular: { self?: unknown } = {};
circular.self = circular;
let deep: unknown = 'bottom';
for (let level = 0; level < 5000; level += 1) deep = { deep };

/** Records that lose a whole batch, or throw, in the exporters of today. */
const poison: Record<string, { body?: unknown; attributes?: object; timestamp?: number }> = {
  'a lone surrogate in the body': { body: 'a\ud800b' },
  'a lone surrogate in an attribute': { attributes: { key: 'a\udfffb' } },
  'an attribute name that is only a symbol': { attributes: { é: '1' } },
  'an empty attribute name': { attributes: { '': '1' } },
  'two attribute names that become one': { attributes: { 'a.b': '1', a_b: '2' } },
  '200 attributes': { attributes: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key${index}`, 'x'])) },
  'an attribute of 100 KB': { attributes: { stack: 'x'.repeat(100_000) } },
  'a body of 300 KB': { body: 'x'.repeat(300_000) },
  'a body of 300 KB in emoji': { body: '😀'.repeat(75_000) },
  'a circular body': { body: circular },
  'a body 5,000 levels deep': { body: deep },
  'a BigInt': { body: 10n },
  'a Date': { body: new Date(0) },
  'a Map': { body: new Map([['key', 1]]) },
  'an Error': { body: new Error('boom') },
  'a typed array': { body: new Float64Array([1, 2]) },
  bytes: { body: new Uint8Array([1, 2, 255]) },
  NaN: { body: Number.NaN },
  'NaN inside': { body: { value: Number.NaN, other: Infinity } },
  'a throwing getter': {
    body: {
      get broken(): never {
        throw new Error('getter');
      },
    },
  },
  'a throwing proxy': {
    body: new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('proxy');
        },
      },
    ),
  },
  'a key named __proto__': { body: JSON.parse('{"__proto__":{"polluted":true}}') },
  'no body': { body: undefined },
  'a timestamp that is no number': { timestamp: Number.NaN },
  'a timestamp of 1970': { timestamp: 1 },
  'a timestamp an hour ahead': { timestamp: Date.now() + 3_600_000 },
};

it.each(Object.entries(poison))('%s costs its neighbours nothing and is accounted for', async (_name, record) => {
  const pipeline = await Pipeline.start();
  pipeline.emit(100);
  pipeline.emitBody('body' in record ? record.body : 'poison', record);
  pipeline.emit(100);
  await pipeline.provider.forceFlush();
  pipeline.expectAccounted();
  const { passed, droppedTotal, requestsFailed } = pipeline.exporter.stats();
  expect(passed + droppedTotal).toBe(201);
  expect(passed).toBeGreaterThanOrEqual(200);
  expect(requestsFailed).toBe(0);
  const neighbours = pipeline.loki.entries().filter(({ line }) => line.startsWith('line '));
  expect(neighbours.length).toBe(200);
  expect(pipeline.loki.entries().length).toBe(passed);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it('keeps 1,000 equal lines of one moment as 1,000', async () => {
  const pipeline = await Pipeline.start();
  for (let index = 0; index < 1000; index += 1) pipeline.emitBody('all equal', { timestamp: Date.now() });
  await pipeline.provider.forceFlush();
  pipeline.expectAccounted();
  expect(pipeline.loki.entries().length).toBe(1000);
});

it.each(['a\ud800b', 'a\ufffdb', 'a"b\\c\nd', '😀', 'x'.repeat(5000)])(
  'a label of any text is taken: %j',
  async (team) => {
    const pipeline = await Pipeline.start({ exporter: { labels: ['team'] } });
    pipeline.emitBody('line', { attributes: { team } });
    await pipeline.provider.forceFlush();
    pipeline.expectAccounted();
    expect(pipeline.exporter.stats()).toMatchObject({ passed: 1, requestsFailed: 0 });
  },
);
