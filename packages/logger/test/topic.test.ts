import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { overProvider } from './harness.ts';
import { joinTopic, TopicNames } from '../src/topic.ts';

const part = fc.string({ unit: fc.constantFrom('a', 'b', '.', '.', ' ', 'ö'), maxLength: 8 });

test.each([
  [[], ''],
  [[''], ''],
  [['...'], ''],
  [['dsp'], 'dsp'],
  [['dsp', 'pipeline.filter', 'init'], 'dsp.pipeline.filter.init'],
  [['dsp.', '.filter'], 'dsp.filter'],
  [['', 'a', '', 'b', ''], 'a.b'],
  [['a..b'], 'a.b'],
  [[' a ', 'b c'], ' a .b c'],
])('%j joined is %j', (parts, joined) => {
  expect(joinTopic(...parts)).toBe(joined);
});

test('where a path is cut makes no difference, and no segment is empty', () => {
  fc.assert(
    fc.property(fc.array(part), fc.nat(8), (parts, cut) => {
      const joined = joinTopic(...parts);
      expect(joinTopic(joinTopic(...parts.slice(0, cut)), joinTopic(...parts.slice(cut)))).toBe(joined);
      const segments = parts.flatMap((text) => text.split('.')).filter(Boolean);
      expect(joined === '' ? [] : joined.split('.')).toEqual(segments);
    }),
  );
});

test('children of children have the path that one child has with the prefixes joined', () => {
  fc.assert(
    fc.property(
      part,
      fc.array(part, { maxLength: 4 }),
      fc.option(part, { nil: undefined }),
      (name, prefixes, topic) => {
        const { logger, records } = overProvider({ name });
        const far = prefixes.reduce((parent, prefix) => parent.child(prefix), logger);
        const near = logger.child(prefixes.join('.'));
        for (const one of [far, near, far]) void one.info('text', topic);
        const own = topic === undefined || joinTopic(topic) === '' ? 'general' : topic;
        const path = joinTopic(name, ...prefixes);
        expect(far.path).toBe(path);
        for (const { attributes, instrumentationScope } of records()) {
          expect(attributes).toEqual({ 'log.topic': joinTopic(path, own) });
          expect(instrumentationScope.name).toBe(path === '' ? 'unknown' : path);
        }
        expect(records()).toHaveLength(3);
      },
    ),
  );
});

test('topics that a program computes are not all remembered, and are joined all the same', () => {
  const topics = new TopicNames('path', 'none');
  for (let round = 0; round < 2; round += 1) {
    for (let index = 0; index < 1000; index += 1) expect(topics.of(`t${index}`)).toBe(`path.t${index}`);
  }
  expect(topics.of('x'.repeat(10_000))).toHaveLength(10_005);
});

test('what is no text counts as an empty topic or prefix', () => {
  const { logger, records } = overProvider({ name: 'app' });
  for (const odd of [undefined, null, 5, {}, Symbol('x')]) void logger.child(odd as never).info('text', odd as never);
  expect(records().map(({ attributes }) => attributes['log.topic'])).toEqual(Array(5).fill('app.general'));
});
