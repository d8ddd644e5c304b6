import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventStreamParser, type StreamEvent } from '@spillway/exporter-live-tail/live-tail-client';

import { readEventStream } from './naive-event-stream.ts';

const piece = fc.constantFrom(
  '\n',
  '\n',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  ':',
  ' ',
  ': ping\n',
  'data',
  'data:',
  'data: ',
  'event: record\n',
  'id: 1-',
  'id: \0\n',
  'retry: 5\n',
  '\uFEFF',
  'é',
  '漢',
  '😀',
  '\u2028',
  '{"a":1}',
  'x',
);

test('reads what a naive reader of the whole stream does, wherever the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (pieces, cuts) => {
        const bytes = new TextEncoder().encode(pieces.join(''));
        expect(parse(cut(bytes, cuts))).toEqual(readEventStream(bytes));
      },
    ),
    { numRuns: 1000 },
  );
});

test('an event that is not ended yet has not come', () => {
  expect(parse(['data: 1\n\ndata: 2\n'])).toEqual([{ type: 'message', data: '1', id: '' }]);
});

test('several lines of data are one text, and an id stays until there is another one', () => {
  expect(parse(['id: e-1\nevent: record\ndata: a\ndata:b\n\ndata\n\n'])).toEqual([
    { type: 'record', data: 'a\nb', id: 'e-1' },
    { type: 'message', data: '', id: 'e-1' },
  ]);
});

test('leaves out an event that never seems to end, and reads the next one', () => {
  const mebibyte = 'x'.repeat(2 ** 20);
  const tooLong = ['data: ', ...Array.from({ length: 17 }, () => mebibyte), '\n\n'];
  const tooMany = [...Array.from({ length: 17 }, () => `data: ${mebibyte}\n`), '\n'];
  for (const chunks of [tooLong, tooMany]) {
    expect(parse([...chunks, 'data: next\n\n'])).toEqual([{ type: 'message', data: 'next', id: '' }]);
  }
});

function parse(chunks: Iterable<Uint8Array | string>): StreamEvent[] {
  const events: StreamEvent[] = [];
  const parser = new EventStreamParser((event) => events.push(event));
  for (const chunk of chunks) parser.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
  return events;
}

function* cut(bytes: Uint8Array, lengths: Iterator<number>): Iterable<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const end = start + (lengths.next().value as number);
    yield bytes.subarray(start, end);
    start = end;
  }
}
