import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** Counts the log records of a request to Loki (JSON) or to an OTLP endpoint (JSON or protobuf). */
export function countRecords(headers: IncomingHttpHeaders, raw: Buffer): number {
  const body = headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
  if (headers['content-type']?.includes('protobuf') === true) return countProtobuf(body, [1, 2, 2]);
  const parsed = JSON.parse(body.toString()) as LokiPush | OtlpRequest;
  if ('streams' in parsed) return sum(parsed.streams, (stream) => stream.values.length);
  return sum(parsed.resourceLogs, (resource) => sum(resource.scopeLogs, (scope) => scope.logRecords.length));
}

interface LokiPush {
  readonly streams: readonly { readonly values: readonly unknown[] }[];
}

interface OtlpRequest {
  readonly resourceLogs: readonly { readonly scopeLogs: readonly { readonly logRecords: readonly unknown[] }[] }[];
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}

/** Counts the messages at the end of a path of field numbers: resource_logs, scope_logs, log_records. */
function countProtobuf(bytes: Buffer, path: readonly number[]): number {
  if (path.length === 0) return 1;
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const kind = tag.value & 7;
    if (kind !== 2) {
      at = kind === 0 ? readVarint(bytes, tag.end).end : tag.end + (kind === 1 ? 8 : 4);
      continue;
    }
    const length = readVarint(bytes, tag.end);
    const end = length.end + length.value;
    if (tag.value >>> 3 === path[0]) count += countProtobuf(bytes.subarray(length.end, end), path.slice(1));
    at = end;
  }
  return count;
}

function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, factor = 1; ; at += 1, factor *= 128) {
    const byte = bytes[at] as number;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
}
