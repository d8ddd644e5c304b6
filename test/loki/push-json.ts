import type { DecodedBody } from './content-encoding.ts';
import { compareUtf8, decodeUtf8, GO_ZERO_TIME, quoteGo } from './go-text.ts';
import { byteText, JsonReader } from './json-reader.ts';
import { skipValue } from './json-skip.ts';
import { readFieldName, skipLiteral } from './json-strings.ts';
import { eachElement, eachMember, JSON_ERROR, JsonWalkError, unescapeJson } from './json-walker.ts';
import type { Pair, PushedEntry, PushedStream } from './push-request.ts';
import { Refusal } from './refusal.ts';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/**
 * Decodes a JSON push as Loki does: one parser finds the streams and checks their syntax, another reads what is inside each. Both are
 * lenient in places (text behind the request, repeated and unknown keys, numbers as label values) and word their errors in their own way.
 * @param checkSize - told how much of the body was read; nothing is read behind the request
 * @throws Refusal
 */
export const decodeJsonPush = (
  { data, readError }: DecodedBody,
  checkSize: (bytesRead: number) => void,
): PushedStream[] => {
  const reader = new JsonReader(data, readError);
  const streams: PushedStream[] = [];
  const isEmpty = !reader.loadMore();
  if (!isEmpty) readRequest(reader, data, streams);
  checkSize(reader.bytesRead);
  if (isEmpty) throw new Refusal(400, 'EOF');
  if (reader.depth !== 0) reader.fail('ReadVal', 'unexpected mismatched nesting');
  if (reader.error !== undefined) throw new Refusal(400, reader.error);
  return streams;
};

const readRequest = (reader: JsonReader, body: Buffer, streams: PushedStream[]): void => {
  const open = reader.nextToken();
  if (open === 0x6e) {
    skipLiteral(reader, 'ull');
    return;
  }
  if (open !== 0x7b) {
    reader.fail('readObjectStart', `expect { or n, but found ${byteText(open)}`);
    return;
  }
  if (reader.nextToken() === 0x7d) return;
  reader.unread();
  reader.enter();
  for (;;) {
    if (readFieldName(reader) === 'streams') {
      readStreams(reader, body, streams);
      reader.prefixError('Streams: []loghttp.LogProtoStream: ');
    } else {
      skipValue(reader);
    }
    const next = reader.nextToken();
    if (next === 0x2c) continue;
    if (next !== 0x7d) reader.fail('isObjectEnd', `object ended prematurely, unexpected char ${byteText(next)}`);
    break;
  }
  reader.prefixError('loghttp.PushRequest.');
  reader.leave();
};

/** A second list of streams overwrites the first, element by element: what it does not name stays as it was. */
const readStreams = (reader: JsonReader, body: Buffer, streams: PushedStream[]): void => {
  const open = reader.nextToken();
  if (open === 0x6e) {
    skipLiteral(reader, 'ull');
    streams.length = 0;
    return;
  }
  if (open !== 0x5b) {
    reader.fail('decode slice', `expect [ or n, but found ${byteText(open)}`);
    return;
  }
  const first = reader.nextToken();
  if (first === 0x5d) {
    streams.length = 0;
    return;
  }
  reader.unread();
  let length = 0;
  let next: number;
  do {
    streams[length] = readStream(reader, body, streams[length] ?? { labels: '', entries: [] });
    length++;
    next = reader.nextToken();
  } while (next === 0x2c);
  streams.length = length;
  if (next !== 0x5d) reader.fail('decode slice', `expect ], but found ${byteText(next)}`);
};

const readStream = (reader: JsonReader, body: Buffer, into: PushedStream): PushedStream => {
  reader.nextToken();
  reader.unread();
  const start = reader.position;
  skipValue(reader);
  let { labels, entries } = into;
  try {
    eachMember(body, start, reader.position, (key, kind, from, end) => {
      if (key === 'stream') labels = readLabels(body, from, end);
      else if (key === 'values' && kind !== 'null') entries = readEntries(body, from, end);
    });
  } catch (error) {
    if (!(error instanceof JsonWalkError)) throw error;
    reader.fail('unmarshalerDecoder', error.message);
  }
  return { labels, entries };
};

const readLabels = (body: Buffer, from: number, end: number): string => {
  const labels = new Map<string, string>();
  eachMember(body, from, end, (key, _kind, start, stop) => {
    const value = unescapeJson(decodeUtf8(body, start, stop));
    // The key comes without its escapes and is unescaped once more.
    const name = unescapeJson(key);
    if (value === undefined || name === undefined) throw new JsonWalkError(JSON_ERROR.value);
    labels.set(name, value);
  });
  const names = [...labels.keys()].toSorted(compareUtf8);
  return `{${names.map((name) => `${name}=${quoteGo(labels.get(name) ?? '')}`).join(', ')}}`;
};

const readEntries = (body: Buffer, from: number, end: number): PushedEntry[] => {
  const entries: PushedEntry[] = [];
  let failure: JsonWalkError | undefined;
  eachElement(body, from, end, (kind, start, stop) => {
    if (failure !== undefined || kind === 'null') return;
    try {
      entries.push(readEntry(body, start, stop));
    } catch (error) {
      if (!(error instanceof JsonWalkError)) throw error;
      failure = error;
    }
  });
  if (failure !== undefined) throw failure;
  return entries;
};

/** A bad element is noted and its place is taken by the next one, so that the last thing that went wrong is what is reported. */
const readEntry = (body: Buffer, from: number, end: number): PushedEntry => {
  let place = 0;
  let failure: string | undefined;
  let timeNanos = GO_ZERO_TIME;
  let line = '';
  let lineBytes = 0;
  let metadata: readonly Pair[] = [];
  const readPlace = (kind: string, start: number, stop: number): string | undefined => {
    if (place < 2 && kind !== 'string') return JSON_ERROR.string;
    if (place === 2 && kind !== 'object') return JSON_ERROR.object;
    if (place === 0) {
      const time = readInt64(body.toString('latin1', start, stop));
      if (typeof time === 'string') return time;
      timeNanos = time;
    } else if (place === 1) {
      const text = decodeUtf8(body, start, stop);
      const unescaped = unescapeJson(text);
      if (unescaped === undefined) return JSON_ERROR.value;
      line = unescaped;
      lineBytes = unescaped === text ? stop - start : Buffer.byteLength(unescaped);
    } else if (place === 2) {
      try {
        metadata = readMetadata(body, start, stop);
      } catch (error) {
        if (!(error instanceof JsonWalkError)) throw error;
        return error.message;
      }
    }
    place++;
    return undefined;
  };
  try {
    eachElement(body, from, end, (kind, start, stop) => {
      failure = readPlace(kind, start, stop) ?? failure;
    });
  } catch (error) {
    if (!(error instanceof JsonWalkError)) throw error;
    failure ??= error.message;
  }
  if (failure !== undefined) throw new JsonWalkError(failure);
  return { timeNanos, line, lineBytes, metadata };
};

const readMetadata = (body: Buffer, from: number, end: number): Pair[] => {
  const metadata: Pair[] = [];
  eachMember(body, from, end, (key, kind, start, stop) => {
    if (kind !== 'string') throw new JsonWalkError(JSON_ERROR.string);
    const value = unescapeJson(decodeUtf8(body, start, stop));
    if (value === undefined) throw new JsonWalkError(JSON_ERROR.value);
    metadata.push([key, value]);
  });
  return metadata;
};

const readInt64 = (text: string): bigint | string => {
  const digits = text.startsWith('-') ? text.slice(1) : text;
  if (text === '') return JSON_ERROR.value;
  // Whichever comes first decides: a character that is no digit, or the digit that overflows.
  const number = /^\d*/.exec(digits)?.[0] ?? '';
  if (/^0\d/.test(number)) return JSON_ERROR.value;
  if (number.length < digits.length && number.length < 20) return JSON_ERROR.value;
  const magnitude = BigInt(number.slice(0, 21) || '0');
  if (magnitude > MAX_UINT64) return JSON_ERROR.overflow;
  if (number.length < digits.length) return JSON_ERROR.value;
  const value = text.startsWith('-') ? -magnitude : magnitude;
  return value < MIN_INT64 || value > MAX_INT64 ? JSON_ERROR.overflow : value;
};
