import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { TextMasker } from '../../src/key/text-masker.ts';

const mask = (text: string): string => new TextMasker().mask(text);

/** Texts around numbers, as applications write them: words, brackets, units, and lists. */
const PIECES = [
  'user',
  'jk2 init',
  'blk_',
  'id=',
  'at 10.0.0.1:80 ',
  '[',
  ']',
  ': ',
  ' ',
  ', ',
  'ms',
  ' of ',
  '#',
  'naïve ',
  '失敗 ',
];
const piece = fc.constantFrom(...PIECES);

describe('a mask', () => {
  it.each<[what: string, masked: string, ...texts: string[]]>([
    ['numbers', 'took <*> ms', 'took 5 ms', 'took -5.25 ms', 'took 1,234.5 ms', 'took +1e-7 ms', 'took 0x7ffE ms'],
    ['numbers with a unit', 'took <*>', 'took 45ms', 'took 1h30m5s', 'took 2.5GiB'],
    ['numbers of words', 'worker<*> of jk<*>_init', 'worker1 of jk2_init', 'worker12345 of jk33_init'],
    ['numbers behind words', 'node-<*> blk_<*>', 'node-5 blk_38865049064139660', 'node-17 blk_-695229586'],
    [
      'lists',
      'ids [<*>] failed',
      'ids [1] failed',
      'ids [1,2,3] failed',
      'ids [1, -2, 3.5] failed',
      'ids ["a", "b"] failed',
    ],
    [
      'UUIDs',
      'job <*> died',
      'job 550e8400-e29b-41d4-a716-446655440000 died',
      'job ABCDEFAB-cafe-beef-fade-deadbeefdead died',
    ],
    ['hexadecimal ids', 'span <*>', 'span 00f067aa0ba902b7', 'span deadbeef', 'span 7f3', 'span 12345678'],
    ['other ids', 'pod api-<*>', 'pod api-7d9f8b6c5-x2k4q 01ARZ3NDEKTSV4RRFFQ69G5FAV', 'pod api-1 2'],
    [
      'IPv4 addresses',
      'from <*> refused',
      'from 10.0.0.1 refused',
      'from 192.168.1.250:54321 refused',
      'from 10.0.0.0/8 refused',
    ],
    [
      'IPv6 addresses',
      'from [<*>] refused',
      'from [::1] refused',
      'from [fe80::dead:beef:1%eth0] refused',
      'from [2001:db8:0:0:0:ff00:42:8329] refused',
      'from [::ffff:10.0.0.1] refused',
    ],
    ['MAC addresses', 'card <*>', 'card 00:1B:44:11:3A:B7', 'card AA:BB:CC:DD:EE:F0'],
    [
      'timestamps',
      '<*> failed',
      '2024-01-02T03:04:05.678Z failed',
      '2024-01-02 03:04:05,678 +0200 failed',
      'Sun Dec 04 04:47:44 2005 failed',
      'Mon, 02 Jan 2006 15:04:05 failed',
      '02/Jan/2006:15:04:05 +0000 failed',
      'Jun  9 06:06:20 failed',
    ],
    [
      'e-mail addresses',
      'no mailbox <*> here',
      'no mailbox bob.jones+1@mail.example.com here',
      'no mailbox a1b@x2.org here',
    ],
    [
      'quoted texts',
      'user <*> not found',
      'user "bob" not found',
      "user 'al ice' not found",
      'user `x\\`y` not found',
      'user "" not found',
    ],
    [
      'queries of URLs',
      'GET https://example.com/users/<*>?<*> failed',
      'GET https://example.com/users/17?page=2&q=word failed',
      'GET https://example.com/users/5?q=x failed',
    ],
    [
      'ids in paths',
      'open /var/tmp/<*>/data: denied',
      'open /var/tmp/3f2a/data: denied',
      'open /var/tmp/77/data: denied',
    ],
    ['white space', 'a b c', 'a b c', ' a\t\tb\n  c ', 'a b \r\n c'],
    [
      'JSON',
      '{"msg":"lost","user":"u<*>","n":<*>}',
      '{"msg":"lost","user":"u17","n":5}',
      '{"msg":"lost","user":"u4","n":-2.5}',
    ],
  ])('has one placeholder for %s', (_, masked, ...texts) => {
    expect(texts.map(mask)).toEqual(texts.map(() => masked));
  });

  it.each<[one: string, other: string]>([
    ['connection refused', 'connection reset'],
    ['GET /users 500', 'GET /orders 500'],
    ['"GET" failed', '"GET" succeeded'],
    ['{"msg":"refused"}', '{"msg":"reset"}'],
    ["can't read the users' list", "can't read the orders' list"],
    ['std::bad_alloc', 'std::bad_cast'],
    ['bad request', 'dead request'],
    ['may I', 'must I'],
    ['Sun server', 'Mon server'],
    ['ready?yes', 'ready?no'],
    ['décade5 perdue', 'façade5 perdue'],
    ['用户42个错误', '用户42个警告'],
    ['Foo@1b2c3d closed', 'Bar@1b2c3d closed'],
  ])('keeps texts apart that differ in words: %j and %j', (one, other) => {
    expect(mask(one)).not.toBe(mask(other));
  });

  it('is the same whatever the numbers are', () => {
    const numbers = fc.oneof(fc.nat(), fc.integer(), fc.float({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, numbers, numbers), { maxLength: 8 }), (parts) => {
        // Set apart, because `-5` behind a letter is a dash and a number.
        const [one, other] = [1, 2].map((which) => parts.map((part) => `${part[0]} ${String(part[which])} `).join(''));
        expect(mask(one as string)).toBe(mask(other as string));
      }),
    );
  });

  it('is the same whatever digits stand in a word or beside it', () => {
    const digits = fc.nat().map(String);
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, digits, digits), { maxLength: 8 }), (parts) => {
        const [one, other] = [1, 2].map((which) => parts.map((part) => `${part[0]}${part[which]}`).join(''));
        expect(mask(one as string)).toBe(mask(other as string));
      }),
    );
  });

  it('of words is the words', () => {
    const word = fc.constantFrom(
      'Connection',
      'refused',
      'by',
      'the',
      'bad',
      'façade',
      'Überlauf',
      '失敗',
      'ошибка',
      '😀',
      'a',
    );
    const mark = fc.constantFrom(' ', ', ', ': ', '/', '.', '->', ' = ', '_', '(', ') ', '\\', '|');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, mark), { maxLength: 20 }), (parts) => {
        const text = parts.flat().join('').trim();
        expect(mask(text)).toBe(text.replaceAll(/\s+/g, ' '));
      }),
    );
  });

  it('of a mask is that mask', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.nat()), { maxLength: 8 }), (parts) => {
        const masked = mask(parts.flat().join(' '));
        expect(mask(masked)).toBe(masked);
      }),
    );
  });

  it('reads 2,048 UTF-16 units, no part of a character, and a quoted text to where it is cut', () => {
    const start = 'é'.repeat(2047);
    expect(mask(`${start}xy`)).toBe(`${start}x`);
    expect(mask(`${start}😀`)).toBe(start);
    expect(mask(`no user "${'name '.repeat(500)}"`)).toBe('no user <*>');
    expect(mask(`no user "${'name '.repeat(5)}`)).toBe('no user "name name name name name');
  });

  it('depends on nothing that was masked before, and takes any text', () => {
    const masker = new TextMasker();
    const unit = fc.constantFrom(...'ab1:-@."\'?=/% {[\u0000\ud800é😀'.split(''));
    const texts = fc.array(fc.oneof(fc.string({ unit, maxLength: 60 }), fc.string({ unit: 'binary' })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(texts, (some) => {
        for (const text of [...some, some[0] as string, some[0] as string]) expect(masker.mask(text)).toBe(mask(text));
      }),
    );
  });

  it('of a text without end is there all the same', () => {
    const patterns = ['a:', " 'a", 'a@', 'a@a.', 'abcdefab-', 'a?a', '1 ', 'Dec, ', '::', ' "\\"', 'a1', '1#'];
    for (const pattern of patterns) expect(mask(pattern.repeat(100_000)).length).toBeLessThanOrEqual(2 * 2048);
  });
});
