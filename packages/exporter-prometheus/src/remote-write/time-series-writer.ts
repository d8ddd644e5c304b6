import type { TimeSeries, TimeSeriesExemplar } from './time-series.ts';
import { fieldBytes, varintBytes, writeVarint } from './varint.ts';

/** Field 1 of `WriteRequest`: `repeated TimeSeries timeseries`. */
const SERIES_TAG = 0x0a;
/** Fields 2 and 3 of `TimeSeries`. Field 1 are its labels, which come encoded. */
const SAMPLE_TAG = 0x12;
const EXEMPLAR_TAG = 0x1a;
/** Fields of `Sample`: double value = 1, int64 timestamp = 2. */
const SAMPLE_VALUE_TAG = 0x09;
const SAMPLE_TIME_TAG = 0x10;
/** Fields of `Exemplar`: labels = 1, double value = 2, int64 timestamp = 3. */
const EXEMPLAR_VALUE_TAG = 0x11;
const EXEMPLAR_TIME_TAG = 0x18;

const DOUBLE_BYTES = 8;

/** What Prometheus writes for a NaN and for the end of a series: the bits decide, which arithmetic does not keep. */
const NAN_BITS = 0x7ff8000000000001n;
const STALE_BITS = 0x7ff0000000000002n;

/** Bytes of a series in a request, with its own tag and length. */
export function timeSeriesBytes(series: TimeSeries): number {
  return fieldBytes(contentBytes(series));
}

/** Whether an encoded series, with its own tag and length, has just these labels. */
export function hasLabels(encoded: Uint8Array, labelBytes: Uint8Array): boolean {
  let at = 1;
  while ((encoded[at] as number) >= 0x80) at += 1;
  at += 1;
  // Behind the labels comes the sample, or these are only the first of more.
  return (
    encoded[at + labelBytes.length] === SAMPLE_TAG && labelBytes.every((byte, index) => encoded[at + index] === byte)
  );
}

/**
 * Writes time series one after the other; nothing else is in a request, so that it can be cut before each of them.
 * Defaults are written out, which costs nothing and keeps a negative zero.
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol (read 2026-11-21)
 */
export class TimeSeriesWriter {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  /** @param bytes what all that will be written takes, by {@link timeSeriesBytes} */
  constructor(bytes: number) {
    this.body = new Uint8Array(bytes);
    this.#view = new DataView(this.body.buffer);
  }

  /** Where the next series will begin. */
  get offset(): number {
    return this.#at;
  }

  write(series: TimeSeries): void {
    const { exemplar } = series;
    this.#varint(SERIES_TAG, contentBytes(series));
    this.#bytes(series.labelBytes);
    this.#sample(series);
    if (exemplar !== undefined) this.#exemplar(exemplar);
  }

  #sample({ value, timestampMillis }: TimeSeries): void {
    this.#varint(SAMPLE_TAG, sampleBytes(timestampMillis));
    this.#double(SAMPLE_VALUE_TAG, value);
    this.#varint(SAMPLE_TIME_TAG, timestampMillis);
  }

  #exemplar(exemplar: TimeSeriesExemplar): void {
    this.#varint(EXEMPLAR_TAG, exemplarBytes(exemplar));
    this.#bytes(exemplar.labelBytes);
    this.#double(EXEMPLAR_VALUE_TAG, exemplar.value);
    this.#varint(EXEMPLAR_TIME_TAG, exemplar.timestampMillis);
  }

  #varint(tag: number, value: number): void {
    this.body[this.#at] = tag;
    this.#at = writeVarint(this.body, this.#at + 1, value);
  }

  #bytes(bytes: Uint8Array): void {
    this.body.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #double(tag: number, value: number | undefined): void {
    this.body[this.#at] = tag;
    const at = this.#at + 1;
    this.#at = at + DOUBLE_BYTES;
    if (value === undefined) this.#view.setBigUint64(at, STALE_BITS, true);
    else if (Number.isNaN(value)) this.#view.setBigUint64(at, NAN_BITS, true);
    else this.#view.setFloat64(at, value, true);
  }
}

function contentBytes({ labelBytes, timestampMillis, exemplar }: TimeSeries): number {
  const bytes = labelBytes.length + fieldBytes(sampleBytes(timestampMillis));
  return exemplar === undefined ? bytes : bytes + fieldBytes(exemplarBytes(exemplar));
}

function sampleBytes(timestampMillis: number): number {
  return 1 + DOUBLE_BYTES + 1 + varintBytes(timestampMillis);
}

function exemplarBytes({ labelBytes, timestampMillis }: TimeSeriesExemplar): number {
  return labelBytes.length + sampleBytes(timestampMillis);
}
