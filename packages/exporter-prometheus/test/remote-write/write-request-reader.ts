import { ProtobufReader } from '../../../../test/loki/protobuf-reader.ts';

export interface ReadSample {
  readonly bits: bigint;
  readonly value: number;
  readonly timestamp: bigint;
}

export interface ReadExemplar extends ReadSample {
  readonly labels: readonly (readonly [string, string])[];
}

export interface ReadSeries {
  readonly labels: readonly (readonly [string, string])[];
  readonly samples: readonly ReadSample[];
  readonly exemplars: readonly ReadExemplar[];
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a `prometheus.WriteRequest` and throws at whatever it does not know. */
export function readWriteRequest(body: Uint8Array): ReadSeries[] {
  const series: ReadSeries[] = [];
  eachField(body, 'WriteRequest', (reader, field, wireType) => {
    expectField(field, [1]);
    series.push(readSeries(reader.bytes(wireType, 'timeseries')));
  });
  return series;
}

function readSeries(data: Uint8Array): ReadSeries {
  const labels: [string, string][] = [];
  const samples: ReadSample[] = [];
  const exemplars: ReadExemplar[] = [];
  eachField(data, 'TimeSeries', (reader, field, wireType) => {
    expectField(field, [1, 2, 3]);
    const content = reader.bytes(wireType, 'TimeSeries');
    if (field === 1) labels.push(readLabel(content));
    else if (field === 2) samples.push(readSample(content, 1));
    else exemplars.push(readExemplar(content));
  });
  return { labels, samples, exemplars };
}

/** Both have a label in field 1; the double and the time of an exemplar are one field further on. */
function readExemplar(data: Uint8Array): ReadExemplar {
  const labels: [string, string][] = [];
  const rest: Uint8Array[] = [];
  let start = 0;
  while (data[start] === 0x0a) {
    const length = data[start + 1] as number;
    if (length >= 0x80) throw new Error('Expected exemplar labels of these tests to be short.');
    labels.push(readLabel(data.subarray(start + 2, start + 2 + length)));
    start += 2 + length;
  }
  rest.push(data.subarray(start));
  return { labels, ...readSample(rest[0] as Uint8Array, 2) };
}

function readSample(data: Uint8Array, valueField: number): ReadSample {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data[0] !== ((valueField << 3) | 1)) throw new Error('Expected a double.');
  if (data[9] !== (valueField + 1) << 3) throw new Error('Expected an int64.');
  const time = new ProtobufReader(Buffer.from(data.subarray(10)), 'timestamp');
  const timestamp = BigInt.asIntN(64, time.varint());
  time.eachField(() => {
    throw new Error('Expected nothing after the time.');
  });
  return { bits: view.getBigUint64(1, true), value: view.getFloat64(1, true), timestamp };
}

function readLabel(data: Uint8Array): [string, string] {
  const texts: string[] = [];
  eachField(data, 'Label', (reader, field, wireType) => {
    expectField(field, [texts.length + 1]);
    texts.push(decoder.decode(reader.bytes(wireType, 'Label')));
  });
  if (texts.length !== 2) throw new Error('Expected a name and a value.');
  return texts as [string, string];
}

function eachField(
  data: Uint8Array,
  message: string,
  onField: (reader: ProtobufReader, field: number, wireType: number) => void,
): void {
  const reader = new ProtobufReader(Buffer.from(data), message);
  reader.eachField((field, wireType) => {
    onField(reader, field, wireType);
    return true;
  });
}

function expectField(field: number, known: readonly number[]): void {
  if (!known.includes(field)) throw new Error(`Expected one of the fields ${known.join(', ')}, got ${field}.`);
}
