import { expect, test } from 'vitest';

import { readArguments, UsageError } from '../src/arguments.ts';

const message = (args: string[], environment = {}): string => {
  try {
    readArguments(args, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return 'no error';
};

test('without arguments the demo takes 15 seconds of generated traffic to the stand-in', () => {
  expect(readArguments([], {})).toEqual({
    seconds: 15,
    rate: undefined,
    waitSeconds: 0,
    file: undefined,
    lokiUrl: undefined,
  });
});

test('all options are read', () => {
  const settings = readArguments(['--seconds', '3.5', '--rate=50', '--wait', '0', '--file', 'a.log'], {
    LOKI_URL: 'http://loki:3100',
  });
  expect(settings).toEqual({
    seconds: 3.5,
    rate: 50,
    waitSeconds: 0,
    file: 'a.log',
    lokiUrl: new URL('http://loki:3100'),
  });
});

test('only where somebody may be looking is the live page waited for', () => {
  expect(readArguments([], {}, true)?.waitSeconds).toBe(30);
  expect(readArguments(['--wait', '5'], { CI: 'true' }, true)?.waitSeconds).toBe(5);
  expect(readArguments([], { CI: 'true' }, true)?.waitSeconds).toBe(0);
});

test('--help wins over everything that is right', () => {
  expect(readArguments(['--seconds', '3', '--help'], {})).toBeUndefined();
});

test.each([
  [['--seconds', 'soon'], 'Expected `--seconds` to be a number from 2 to 3600, got `soon`.'],
  [['--seconds', '1'], 'Expected `--seconds` to be a number from 2 to 3600, got `1`.'],
  [['--seconds='], 'Expected `--seconds` to be a number from 2 to 3600, got ``.'],
  [['--rate', '20001'], 'Expected `--rate` to be a number from 1 to 20000, got `20001`.'],
  [['--fast'], "Unknown option '--fast'."],
  [['--rate'], "Option '--rate <value>' argument missing."],
  [['fast'], "Unexpected argument 'fast'."],
])('%j is refused with a message that says what is wrong', (args, expected) => {
  expect(message(args)).toBe(expected);
});

test.each(['loki:3100', 'not a url', 'file:///etc/passwd', 'http://user:secret@loki'])(
  'LOKI_URL=%s is refused without being repeated',
  (url) => {
    const text = message([], { LOKI_URL: url });
    expect(text).toBe(
      'Expected `LOKI_URL` to be an http or https URL without user and password, such as http://127.0.0.1:3100.',
    );
  },
);

test('an empty LOKI_URL is none', () => {
  expect(readArguments([], { LOKI_URL: '' })?.lokiUrl).toBeUndefined();
});
