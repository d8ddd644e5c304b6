import { Secret } from '@spillway/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkHeaderValue } from '../src/header-value.ts';
import { checkHeaders, type HeaderInputs, revealHeaders } from '../src/request-headers.ts';

const BROKEN = ['a\r\nx-evil: 1', 'a\nb', 'a\rb', 'a\0b', 'snow\u2603man', '\ud800', 'a\u007fb', 'end\n'];

function messageOf(check: () => unknown): string {
  try {
    check();
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('when they are given', () => {
  test('names are lower case, values come back from their secrets', async () => {
    const headers = checkHeaders({
      'X-Plain': 'text',
      Authorization: () => Promise.resolve('Bearer 1'),
      'x-secret': Secret.from('x', 'hunter2'),
      'x-latin': 'caf\u00e9\tx',
      'x-empty': '',
    });
    expect(await revealHeaders(headers)).toEqual({
      'x-plain': 'text',
      authorization: 'Bearer 1',
      'x-secret': 'hunter2',
      'x-latin': 'caf\u00e9\tx',
      'x-empty': '',
    });
  });

  test.each(['', 'a b', 'a:b', 'a\r\nb', 'n\u00e4me', 'a\0'])('the name %j is refused', (name) => {
    expect(() => checkHeaders({ [name]: 'hunter2' })).toThrow(RangeError);
    expect(messageOf(() => checkHeaders({ [name]: 'hunter2' }))).not.toContain('hunter2');
  });

  test.each(BROKEN)('the value %j is refused, naming the header and not showing the value', (value) => {
    const check = (): unknown => checkHeaders({ authorization: `hunter2${value}` });
    expect(check).toThrow(RangeError);
    expect(messageOf(check)).toBe(
      'RangeError: Expected `headers.authorization` to be text of Latin-1 characters without line breaks, got `[redacted]` (string).',
    );
  });

  test('another kind is a TypeError that does not show it', () => {
    for (const headers of ['authorization: hunter2', null, 4711]) {
      expect(() => checkHeaders(headers as unknown as HeaderInputs)).toThrow(TypeError);
      expect(messageOf(() => checkHeaders(headers as unknown as HeaderInputs))).not.toMatch(/hunter2|4711/);
    }
    for (const value of [4711, { token: 'hunter2' }, undefined]) {
      const headers = { authorization: value } as unknown as HeaderInputs;
      expect(() => checkHeaders(headers)).toThrow(TypeError);
      expect(messageOf(() => checkHeaders(headers))).not.toMatch(/hunter2|4711/);
    }
  });
});

describe('when they are sent', () => {
  test.each(BROKEN)(
    'a function that returns %j rejects, naming the header and not showing the value',
    async (value) => {
      const revealed = revealHeaders(checkHeaders({ authorization: () => `hunter2${value}` }));
      const error: unknown = await revealed.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'HeaderError' });
      expect(String(error)).toContain('`authorization`');
      expect(String(error)).not.toContain('hunter2');
    },
  );

  test('a function that returns no text or rejects makes it reject', async () => {
    await expect(revealHeaders(checkHeaders({ a: () => 4711 as unknown as string }))).rejects.toMatchObject({
      name: 'HeaderError',
    });
    await expect(revealHeaders(checkHeaders({ a: () => Promise.reject(new Error('vault')) }))).rejects.toMatchObject({
      name: 'HeaderError',
      message: 'The value of the header `a` could not be fetched.',
      cause: { message: 'vault' },
    });
  });

  test('whatever passes the check is taken by fetch as it is', () => {
    const text = fc.string({ unit: fc.integer({ min: 0, max: 0x2ff }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(text, (value) => {
        if (messageOf(() => checkHeaderValue('x', value)) !== '') return;
        expect(new Headers({ x: value }).get('x')).toBe(value.replace(/^[\t ]+|[\t ]+$/g, ''));
        expect(value).not.toMatch(/[\r\n\0]/);
      }),
    );
  });
});
