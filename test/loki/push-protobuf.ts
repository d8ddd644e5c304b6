import { decodeUtf8, GO_ZERO_TIME } from './go-text.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import type { Pair, PushedEntry, PushedStream } from './push-request.ts';
import { Refusal } from './refusal.ts';

/** Decodes a PushRequest: https://github.com/grafana/loki/blob/main/pkg/push/push.proto (read 2026-11-21). */
export const decodeProtobufPush = (data: Buffer): PushedStream[] => {
  const streams: PushedStream[] = [];
  const reader = new ProtobufReader(data, 'PushRequest');
  reader.eachField((field, wireType) => {
    if (field === 1) streams.push(decodeStream(reader.bytes(wireType, 'Streams')));
    else if (field === 2) reader.bytes(wireType, 'Format');
    else return false;
    return true;
  });
  return streams;
};

const decodeStream = (data: Buffer): PushedStream => {
  let labels = '';
  const entries: PushedEntry[] = [];
  const reader = new ProtobufReader(data, 'StreamAdapter');
  reader.eachField((field, wireType) => {
    if (field === 1) {
      // The name in this error is a slip of the original.
      labels = decodeUtf8(reader.bytes(wireType, 'StructuredMetadata'));
    } else if (field === 2) {
      entries.push(decodeEntry(reader.bytes(wireType, 'Entries')));
    } else if (field === 3) {
      reader.expect(wireType, 0, 'Hash');
      reader.varint();
    } else {
      return false;
    }
    return true;
  });
  return { labels, entries };
};

const decodeEntry = (data: Buffer): PushedEntry => {
  let timeNanos = GO_ZERO_TIME;
  let line = '';
  let lineBytes = 0;
  const metadata: Pair[] = [];
  const reader = new ProtobufReader(data, 'EntryAdapter');
  reader.eachField((field, wireType) => {
    if (field === 1) {
      timeNanos = decodeTimestamp(reader.bytes(wireType, 'Timestamp'));
    } else if (field === 2) {
      const bytes = reader.bytes(wireType, 'Line');
      line = decodeUtf8(bytes);
      lineBytes = bytes.length;
    } else if (field === 3) {
      metadata.push(decodePair(reader.bytes(wireType, 'StructuredMetadata')));
    } else if (field === 4) {
      decodePair(reader.bytes(wireType, 'Parsed'));
    } else {
      return false;
    }
    return true;
  });
  return { timeNanos, line, lineBytes, metadata };
};

const decodePair = (data: Buffer): Pair => {
  let name = '';
  let value = '';
  const reader = new ProtobufReader(data, 'LabelPairAdapter');
  reader.eachField((field, wireType) => {
    if (field === 1) name = decodeUtf8(reader.bytes(wireType, 'Name'));
    else if (field === 2) value = decodeUtf8(reader.bytes(wireType, 'Value'));
    else return false;
    return true;
  });
  return [name, value];
};

const MIN_SECONDS = -62_135_596_800n;
const MAX_SECONDS = 253_402_300_800n;

const decodeTimestamp = (data: Buffer): bigint => {
  let seconds = 0n;
  let nanos = 0n;
  const reader = new ProtobufReader(data, 'Timestamp');
  reader.eachField((field, wireType) => {
    if (field === 1) {
      reader.expect(wireType, 0, 'Seconds');
      seconds = BigInt.asIntN(64, reader.varint());
    } else if (field === 2) {
      reader.expect(wireType, 0, 'Nanos');
      nanos = BigInt.asIntN(32, reader.varint());
    } else {
      return false;
    }
    return true;
  });
  const problem =
    seconds < MIN_SECONDS
      ? 'before 0001-01-01'
      : seconds >= MAX_SECONDS
        ? 'after 10000-01-01'
        : nanos < 0n || nanos >= 1_000_000_000n
          ? 'nanos not in range [0, 1e9)'
          : undefined;
  if (problem === undefined) return seconds * 1_000_000_000n + nanos;
  const shown = `&types.Timestamp{Seconds: ${seconds},\nNanos: ${nanos},\n}`;
  throw new Refusal(400, `timestamp: ${shown}${problem.startsWith('nanos') ? ': ' : ' '}${problem}`);
};
