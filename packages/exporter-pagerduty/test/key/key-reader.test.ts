import { describe, expect, it } from 'vitest';

import { type IncidentKey, KeyReader } from '../../src/key/key-reader.ts';
import { resolveRules } from '../../src/rules/resolve-rules.ts';
import type { ResolvedAlertRule } from '../../src/rules/resolved-rule.ts';
import { logRecord, type RecordFields, unreadable } from './failure-record.ts';

function keyOf(rule: object, fields: RecordFields, reader: KeyReader = new KeyReader()): IncidentKey {
  const [resolved] = resolveRules('rules', [{ name: 'a', when: {}, ...rule }]);
  return reader.read(resolved as ResolvedAlertRule, logRecord(fields));
}

/** How many incidents records make. */
function incidents(rule: object, ...records: readonly RecordFields[]): number {
  const reader = new KeyReader();
  return new Set(records.map((fields) => keyOf(rule, fields, reader).text)).size;
}

const ofService = (more: object): RecordFields => ({ body: 'x', resource: { 'service.name': 'checkout', ...more } });
const exception = (stack: unknown, more: object = {}): RecordFields => ({
  attributes: { 'exception.type': 'TypeError', 'exception.stacktrace': stack, ...more },
});
const stackAt = (message: string, ...places: readonly string[]): string =>
  [`TypeError: ${message}`, ...places.map((place) => `    at run (${place})`)].join('\n');

describe('the key of a record', () => {
  it('is equal for bodies that mask alike', () => {
    const bodies = Array.from({ length: 10_000 }, (_, index) => ({
      body: `user ${index} of 10.0.${index % 256}.1 failed`,
    }));
    expect(incidents({}, ...bodies)).toBe(1);
    expect(incidents({}, { body: 'connection refused' }, { body: 'connection reset' })).toBe(2);
  });

  it('differs by rule, service, environment and event', () => {
    const records = [
      ofService({}),
      ofService({ 'service.name': 'cart' }),
      ofService({ 'service.namespace': 'shop' }),
      ofService({ 'deployment.environment.name': 'test' }),
      { ...ofService({}), eventName: 'e' },
    ];
    expect(incidents({}, ...records, ...records)).toBe(5);
    expect(keyOf({}, { body: 'x' }).text).not.toBe(keyOf({ name: 'b' }, { body: 'x' }).text);
  });

  it('is made of the fields that the rule names, in their order', () => {
    const rule = { key: ['attributes.a', 'attributes.b'], fingerprint: 'none' };
    const pairs = [
      { a: 'x', b: 'y' },
      { a: 'y', b: 'x' },
      { a: 'xy' },
      { b: 'xy' },
      { a: 'x|1:y' },
      { a: 'x', b: '-' },
      { a: 'x' },
    ];
    expect(incidents(rule, ...pairs.map((attributes) => ({ attributes })))).toBe(pairs.length);
    expect(incidents(rule, { attributes: { a: 'x' }, body: 'one' }, { attributes: { a: 'x' }, body: 'two' })).toBe(1);
  });

  it('takes lists, objects, empty texts and what cannot be read for missing', () => {
    const rule = { key: ['attributes.a', 'scope'], fingerprint: 'none' };
    const values = [undefined, null, '', [], ['x'], {}, new Uint8Array(1)];
    expect(incidents(rule, { attributes: unreadable }, ...values.map((a) => ({ attributes: { a } })))).toBe(1);
    expect(incidents(rule, ...[200, '200'].map((a) => ({ attributes: { a } })))).toBe(1);
  });

  it('reads 256 UTF-16 units of a field, and is well-formed', () => {
    const rule = { key: ['attributes.a'], fingerprint: 'none' };
    const start = 'x'.repeat(255);
    const values = [`${start}y`, `${start}yz`, `${start}😀`, start];
    expect(incidents(rule, ...values.map((a) => ({ attributes: { a } })))).toBe(2);
    expect(keyOf(rule, { attributes: { a: 'a\ud800' } }).text).toBe('a|2:a\ufffd|-');
  });

  it('can have an attribute for its fingerprint, and that of the body where the attribute is missing', () => {
    const rule = { fingerprint: 'attributes.f' };
    expect(incidents(rule, { attributes: { f: 'x' }, body: 'one' }, { attributes: { f: 'x' }, body: 'two' })).toBe(1);
    expect(incidents(rule, { body: 'one' }, { body: 'two' })).toBe(2);
  });

  it('begins with what all incidents have in common that have the same fields', () => {
    const [rule] = resolveRules('rules', [{ name: 'a', when: {} }]);
    const [one, two] = ['one', 'two'].map((body) =>
      new KeyReader().prefix(rule as ResolvedAlertRule, logRecord({ body })),
    );
    expect(one).toBe(two);
    expect(keyOf({}, { body: 'one' }).text.startsWith(`${one}|`)).toBe(true);
  });

  it('of a record that has none of it is the rule and the service, which is told', () => {
    const rule = { key: ['attributes.tenant'], fingerprint: 'auto' };
    expect(keyOf(rule, {})).toMatchObject({ isFallback: true, text: 'a|-|-|8:checkout' });
    expect(keyOf(rule, { resource: {} })).toMatchObject({ isFallback: true, text: 'a|-|-|-' });
    expect(keyOf(rule, { attributes: { tenant: 't' } })).toMatchObject({ isFallback: false });
    expect(keyOf(rule, { body: 'x' })).toMatchObject({ isFallback: false });
    expect(keyOf({ key: [], fingerprint: 'none' }, {})).toMatchObject({ isFallback: false, text: 'a|-|8:checkout' });
  });

  it('is there for a record of which nothing can be read', () => {
    const reader = new KeyReader();
    const [rule] = resolveRules('rules', [{ name: 'a', when: {} }]);
    expect(reader.read(rule as ResolvedAlertRule, unreadable as never).isFallback).toBe(true);
    expect(reader.read(rule as ResolvedAlertRule, {} as never).isFallback).toBe(true);
  });
});

describe('the fingerprint of an exception', () => {
  it('is its type and its frames, whatever message, line, installation and release', () => {
    const stacks = [
      stackAt('no user 5', '/app/a.js:1:2', '/app/chunk-3fa9.js:3:4'),
      stackAt('no user 6', '/srv/7/a.js:10:20', '/srv/7/chunk-77b1.js:30:40'),
      stackAt('no user\n  at all', '/app/a.js?v=17:1:2', '/app/chunk-1.js:1:1'),
    ];
    expect(incidents({}, ...stacks.slice(0, 2).map((stack) => exception(stack)))).toBe(1);
    expect(keyOf({}, exception(stacks[0])).text).toContain('TypeError | run a.js:<*> | run chunk-<*>.js:<*>');
  });

  it('differs by type, function and file', () => {
    const stack = stackAt('x', '/app/a.js:1:2');
    const records = [
      exception(stack),
      exception(stack, { 'exception.type': 'RangeError' }),
      exception(stackAt('x', '/app/b.js:1:2')),
      exception(stack.replace('run', 'stop')),
    ];
    expect(incidents({}, ...records, ...records, ...records)).toBe(4);
  });

  it('does not depend on the exceptions before it', () => {
    const stacks = ['a', 'a', 'b', 'a', 'a', 'a', 'b', 'b', 'b'].map((file) => stackAt(file, `/app/${file}.js:1:2`));
    const reader = new KeyReader();
    for (const stack of stacks) {
      expect(keyOf({}, exception(stack), reader).text).toBe(keyOf({}, exception(stack)).text);
    }
  });

  it('is the body, or else the message, where there are no frames', () => {
    expect(keyOf({}, { ...exception('TypeError: x'), body: 'user 5 failed' }).text).toMatch(/:user <\*> failed$/);
    expect(keyOf({}, exception(5, { 'exception.message': 'no user 5' })).text).toMatch(/:no user <\*>$/);
  });
});

describe('the fingerprint of a body that is no text', () => {
  it('is its JSON, masked', () => {
    const body = { msg: 'connection refused', user: { id: 5, tags: ['a', null, true] } };
    expect(keyOf({}, { body }).text).toContain('{"msg":"connection refused","user":{"id":<*>,"tags":["a",null,true]}}');
    expect(incidents({}, { body }, { body: { ...body, user: { id: 77 } } }, { body: { ...body, msg: 'reset' } })).toBe(
      3,
    );
    expect(incidents({}, { body: { n: 5 } }, { body: { n: 6 } }, { body: [1] }, { body: [2] })).toBe(2);
  });

  it('takes errors by name and message, and leaves out bytes and what cannot be read', () => {
    expect(keyOf({}, { body: { error: new RangeError('no 5') } }).text).toContain('{"error":"RangeError: no <*>"}');
    expect(keyOf({}, { body: { bytes: new Uint8Array(10_000), a: 'x' } }).text).toContain('{"bytes":,"a":"x"}');
    const throwing = Object.defineProperty({ a: 'x' }, 'b', {
      enumerable: true,
      get: () => Reflect.get(unreadable, 'b'),
    });
    expect(keyOf({}, { body: throwing }).text).toContain('{"a":"x","b":}');
  });

  it('is bounded, whatever the body is', () => {
    const cyclic: Record<string, unknown> = { name: 'x' };
    cyclic['self'] = cyclic;
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, 'x'.repeat(5000)]));
    for (const body of [cyclic, wide, [wide], Array.from({ length: 100_000 }, () => 1)]) {
      expect(keyOf({}, { body }).text.length).toBeLessThan(5000);
    }
  });

  it('is missing where it says nothing, or cannot be read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const rule = { key: ['attributes.tenant'] };
    for (const body of [{}, [], [[]], null, undefined, 5n, new Uint8Array(4), unreadable, proxy]) {
      expect(keyOf(rule, { body })).toMatchObject({ isFallback: true });
    }
  });
});
