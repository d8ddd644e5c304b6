import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret, type SecretInput } from '@spillway/core';

const TEXT = 'hunter2';

test('a secret is revealed as it was given', async () => {
  expect(await Secret.from('token', TEXT).reveal()).toBe(TEXT);
});

test('a function is asked each time', async () => {
  let count = 0;
  const secret = Secret.from('token', () => `${TEXT}-${++count}`);
  expect(await secret.reveal()).toBe('hunter2-1');
  expect(await secret.reveal()).toBe('hunter2-2');
});

test('an asynchronous function is waited for, and what goes wrong in it rejects', async () => {
  expect(await Secret.from('token', () => Promise.resolve(TEXT)).reveal()).toBe(TEXT);
  await expect(Secret.from('token', () => Promise.reject(new Error('no vault'))).reveal()).rejects.toThrow('no vault');
});

test('nothing that prints a value prints a secret', () => {
  const chunks: string[] = [];
  const stream = new PassThrough().on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const console = new Console(stream);
  const sources: SecretInput[] = [TEXT, (): string => TEXT];
  for (const source of sources) {
    const secret = Secret.from('token', source);
    console.log(secret, { secret }, [secret]);
    console.error('%s %o %j', secret, secret, secret);
    console.dir(secret, { showHidden: true, depth: 9 });
    const shown = [
      String(secret),
      `Bearer ${secret as unknown as string}`,
      'x'.concat(secret as unknown as string),
      JSON.stringify({ secret }),
      inspect(secret, { showHidden: true, depth: 9, showProxy: true }),
      inspect({ nested: { secret } }, { depth: 9 }),
      Object.entries(secret).join(','),
      JSON.stringify(structuredClone(secret)),
    ];
    expect(shown.join('\n')).not.toContain(TEXT);
    expect(shown.slice(0, 2)).toEqual(['[redacted]', 'Bearer [redacted]']);
    expect(shown[3]).toBe('{"secret":"[redacted]"}');
  }
  expect(chunks.join('')).toContain('[redacted]');
  expect(chunks.join('')).not.toContain(TEXT);
});

test('a secret is not wrapped twice', () => {
  const secret = Secret.from('token', TEXT);
  expect(Secret.from('other', secret)).toBe(secret);
});

test('a value of another kind is refused without showing it', () => {
  for (const [value, type] of [
    [4711, 'number'],
    [{ password: TEXT }, 'object'],
    [[TEXT], 'array'],
    [null, 'null'],
  ] as const) {
    const wrap = (): Secret => Secret.from('token', value as unknown as SecretInput);
    expect(wrap).toThrow(TypeError);
    expect(wrap).toThrow(`got \`[redacted]\` (${type})`);
  }
});

const join = (...parts: string[]): string => parts.join(':');

test('a secret made of others is as fixed as they are, and can be had at once where they can', async () => {
  const [fixed, called] = [Secret.from('user', 'ada'), Secret.from('password', () => 'x')];
  const fetched = Secret.from('password', async () => 'y');
  const failing = Secret.from('password', () => Promise.reject(new Error('no')));
  expect([fixed.isFixed, called.isFixed, Secret.combine([fixed, called], join).isFixed]).toEqual([true, false, false]);
  expect(Secret.combine([fixed, fixed], join).isFixed).toBe(true);
  expect(Secret.combine([fixed, called], join).revealNow()).toBe('ada:x');
  expect(Secret.combine([fixed, fetched], join).revealNow()).toBeUndefined();
  expect(failing.revealNow()).toBeUndefined();
  expect(await Secret.combine([fixed, fetched], join).reveal()).toBe('ada:y');
  expect(String(Secret.combine([fixed], join))).toBe('[redacted]');
});
