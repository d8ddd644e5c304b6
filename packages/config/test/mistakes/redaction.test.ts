import { expect, test } from 'vitest';

import { redactedCopy } from '../../src/components/secret-values.ts';
import { isSecretPlace, redactMessage, redactUrls } from '../../src/mistakes/redaction.ts';

test.each([
  ['http://user:pass@host/path', 'http://[redacted]@host/path'],
  ['https://token@host', 'https://[redacted]@host'],
  ['http://a@b@host', 'http://[redacted]@host'],
  ['http://host/x?key=secret&b=c#f', 'http://host/x?key=[redacted]&b=[redacted]#f'],
  ['got `http://u:p@h?k=v` (string)', 'got `http://[redacted]@h?k=[redacted]` (string)'],
  ['me@example.com', 'me@example.com'],
  ['http://host/a@b', 'http://host/a@b'],
])('%s is shown as %s', (text, shown) => {
  expect(redactUrls(text)).toBe(shown);
});

test('secrets that a message quotes are not shown, however often it does', () => {
  expect(redactMessage('no hunter2, no hunter2: 1', ['hunter2', '1'])).toBe('no [redacted], no [redacted]: 1');
});

test('values of headers are secret in each form, and their names are not', () => {
  expect(isSecretPlace(['headers', 0, 'value'], {})).toBe(true);
  expect(isSecretPlace(['headers', 0, 'name'], {})).toBe(false);
  expect(isSecretPlace(['headers', 'authorization'], {})).toBe(true);
  expect(isSecretPlace(['headers', 'name'], {})).toBe(true);
  expect(isSecretPlace(['headers_list'], {})).toBe(true);
  expect(isSecretPlace(['endpoint'], {})).toBe(false);
  expect(isSecretPlace(['key'], { writeOnly: true })).toBe(true);
});

test('what is secret in one of the forms of a schema is secret, and the others are not', () => {
  const schema = {
    oneOf: [
      { type: 'string', enum: ['none'] },
      { anyOf: [{ properties: { user: {}, key: { type: 'string', writeOnly: true }, both: { type: 'string' } } }] },
      { properties: { key: { type: 'integer' }, both: { oneOf: [{ writeOnly: true }, { type: 'null' }] } } },
    ],
  };
  const value = { user: 'shop', key: 'hunter2', both: 'hunter2', other: 'hunter2' };
  const shown = { user: 'shop', key: '[redacted]', both: '[redacted]', other: '[redacted]' };
  expect(redactedCopy(value, schema)).toEqual(shown);
  expect(redactedCopy('none', schema)).toBe('none');
});
