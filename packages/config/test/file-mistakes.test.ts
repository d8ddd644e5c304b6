import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { findMistakes, mistakeText } from '@spillway/config';
import { expect, test } from 'vitest';

import { mistakeLines } from './mistake-lines.ts';
import { temporaryFolder, textFile } from './text-file.ts';

const VALID = 'file_format: "1.1"\nlogger_provider: {processors: [{simple: {exporter: {console: }}}]}\n';

test('a file without mistakes has none', () => {
  expect(mistakeLines(VALID)).toEqual([]);
});

test('JSON is a configuration as well, and so is a file with a byte order mark', () => {
  const model = { file_format: '1.1', logger_provider: { processors: [{ simple: { exporter: { console: null } } }] } };
  expect(mistakeLines(JSON.stringify(model, undefined, '\t'))).toEqual([]);
  expect(mistakeLines(`\uFEFF${VALID}`)).toEqual([]);
});

test.each([
  ['nothing', '', 'spillway.yaml: Expected a configuration, but the file is empty.'],
  ['a comment', '# soon\n', 'spillway.yaml: Expected a configuration, but the file is empty.'],
  ['null', 'null', 'spillway.yaml: Expected a configuration, but the file is empty.'],
  ['a text', 'loki', 'spillway.yaml:1:1: Expected an object with `logger_provider`, got a string.'],
  ['a list', '- loki', 'spillway.yaml:1:1: Expected an object with `logger_provider`, got a list.'],
])('%s is no configuration', (_name, text, line) => {
  expect(mistakeLines(text)).toEqual([line]);
});

test('all that keeps a file from being YAML is told', () => {
  expect(mistakeLines('file_format: "1.1"\nfile_format: "1.0"\nlogger_provider:\n\tprocessors: [\n')).toEqual([
    'spillway.yaml:2:1: The file is not valid YAML: this key is there twice.',
    'spillway.yaml:4:1: The file is not valid YAML: a tab indents here: YAML takes spaces only.',
    expect.stringContaining('spillway.yaml:5:1: The file is not valid YAML: Flow sequence in block collection'),
  ]);
});

test('a reference in braces needs quotes, and what the parser says when it is lost is told once', () => {
  expect(mistakeLines('resource: {schema_url: ${URL}, x: {y: ${Z}}, attributes_list: a}\n')).toEqual([
    'spillway.yaml:1:25: The file is not valid YAML: a reference such as ${NAME} needs quotes within { } and [ ].',
  ]);
});

test('a second document, and an alias of nothing, are no valid YAML', () => {
  expect(mistakeLines(`${VALID}---\nx: 1\n`)).toEqual([
    'spillway.yaml:3:1: The file is not valid YAML: a second document begins here: a configuration is one.',
  ]);
  expect(mistakeLines('resource: *nowhere')).toEqual([
    'spillway.yaml:1:11: The file is not valid YAML: nothing before this has the anchor `&nowhere`.',
  ]);
});

test('an alias stands for what it names', () => {
  const text =
    'file_format: "1.1"\nx: &x {console: }\nlogger_provider: {processors: [{simple: {exporter: *x}}, {batch: {exporter: *x}}]}';
  expect(mistakeLines(text)).toEqual([]);
  expect(mistakeLines(text.replace('{console: }', '{consol: }'))).toEqual([
    expect.stringMatching(/^spillway.yaml:2:8: .*`logger_provider.processors\[0\].simple.exporter.consol`/),
    expect.stringMatching(/^spillway.yaml:2:8: .*`logger_provider.processors\[1\].batch.exporter.consol`/),
  ]);
});

test('a configuration that refers to itself is told, not followed', () => {
  expect(mistakeLines('file_format: "1.1"\nlogger_provider: {processors: [&p {thinning: {delegate: *p}}]}')).toEqual([
    'spillway.yaml:1:1: Expected a configuration that ends: it is nested too deep, or refers to itself.',
  ]);
});

test('a file that multiplies itself is told, not expanded', () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) =>
      `a${level}: &a${level} [${Array(10)
        .fill(level === 0 ? 'x' : `*a${level - 1}`)
        .join(', ')}]`,
  );
  expect(mistakeLines(['file_format: "1.1"', ...levels, 'logger_provider: {processors: [*a11]}'].join('\n'))).toEqual([
    'spillway.yaml:1:1: OpenTelemetry cannot parse the file: Excessive alias count indicates a resource exhaustion attack.',
  ]);
});

test.each([
  ['missing', 'x: 1', '1:1: Expected `file_format` to be given. Write `file_format: "1.1"`.'],
  [
    'a number',
    'file_format: 1.1',
    '1:14: Expected `file_format` to be a version of the file format, "1.0" or "1.1", got `1.1` (number). Put it in quotes.',
  ],
  [
    'of another major version',
    'file_format: "2.0"',
    '1:14: Expected `file_format` to be a version of the file format, "1.0" or "1.1", got `2.0` (string).',
  ],
  [
    'no version',
    'file_format: new',
    '1:14: Expected `file_format` to be a version of the file format, "1.0" or "1.1", got `new` (string).',
  ],
])('a file format that is %s is a mistake', (_name, text, line) => {
  const rest = '\nlogger_provider: {processors: [{simple: {exporter: {console: }}}]}';
  expect(mistakeLines(text + rest)).toEqual([`spillway.yaml:${line}`]);
});

test('a section that is nearly one of the file is a mistake, and one that is far from all is not', () => {
  expect(mistakeLines('file_format: "1.1"\nloger_provider: {}\nx-team: [a]\n')).toEqual([
    'spillway.yaml:1:1: Expected `logger_provider` to be given. It has the `processors`.',
    'spillway.yaml:2:1: Expected `loger_provider` to be left out: there is no such section. Did you mean `logger_provider`?',
  ]);
});

test('what OpenTelemetry says of sections about something else is told, of each', () => {
  expect(
    mistakeLines(
      `${VALID}tracer_provider: {processors: 1}\npropagator: 5\nmeter_provider: {readers: {}}\ndisabled: 1\n`,
    ),
  ).toEqual([
    'spillway.yaml:3:31: `tracer_provider.processors` must be array.',
    'spillway.yaml:4:13: `propagator` must be object.',
    'spillway.yaml:5:27: `meter_provider.readers` must be array.',
    'spillway.yaml:6:11: Expected `disabled` to be a boolean, got `1` (number).',
  ]);
});

test('names that objects have by themselves are names like others', () => {
  const text =
    'file_format: "1.1"\n__proto__: {x: 1}\nconstructor: 1\nlogger_provider:\n  processors:\n    - __proto__: {}\n    - constructor: {}\n  toString: 1';
  expect(mistakeLines(text)).toEqual([
    'spillway.yaml:6:7: Expected `logger_provider.processors[0].__proto__` to be a processor: KNOWN.',
    'spillway.yaml:7:7: Expected `logger_provider.processors[1].constructor` to be a processor: KNOWN.',
    'spillway.yaml:8:3: Expected `logger_provider.toString` to be left out: there is no such property. There are `processors`, `limits`, `logger_configurator/development`.',
  ]);
});

test('a file that is none is told', () => {
  const folder = temporaryFolder();
  const textOf = (file: string): string => findMistakes(file).map(mistakeText).join('\n').replaceAll(`${folder}/`, '');
  mkdirSync(join(folder, 'directory'));
  symlinkSync(join(folder, 'loop'), join(folder, 'loop'));
  expect(textOf(join(folder, 'nothing.yaml'))).toBe(
    'nothing.yaml: Expected a configuration file, but there is no such file.',
  );
  expect(textOf(join(folder, 'directory'))).toBe('directory: Expected a configuration file, but it is a directory.');
  expect(textOf(join(folder, 'loop'))).toBe(
    'loop: Expected a configuration file, but its links lead back to themselves.',
  );
  expect(textOf(join(textFile(VALID), 'x'))).toMatch('Expected a configuration file, but there is no such file.');
  expect(textOf('/dev/null')).toBe('/dev/null: Expected a configuration file, but it is no regular file.');
});

test('a file of another encoding, and one that is too large, are told', () => {
  expect(mistakeLines('file_format: "1.1"').length).toBe(1);
  const utf16 = textFile(Buffer.from(`\uFEFF${VALID}`, 'utf16le').toString('latin1'));
  expect(findMistakes(utf16).length).toBeGreaterThan(0);
  expect(mistakeLines(`${VALID}#${'x'.repeat(1024 * 1024)}`)).toEqual([
    'spillway.yaml: Expected a configuration file, but it has 1048663 bytes, and a configuration has at most 262144.',
  ]);
});
