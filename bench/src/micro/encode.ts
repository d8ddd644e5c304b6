import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';

/* oxlint-disable eslint/no-restricted-imports -- What is measured here is no part of the package's API. */
import { EncodeState } from '../../../packages/exporter-loki/src/encode-state.ts';
import { encode } from '../../../packages/exporter-loki/src/encode.ts';
/* oxlint-enable eslint/no-restricted-imports */

import { laterBy, makeRecords } from './encode-records.ts';

/** Batches as the processor makes them: its default size, and what a backlog is sent in. */
const BATCH_SIZES = [512, 2048];
const ROUNDS = 60;
const WARM_UP_ROUNDS = 5;
const RECORDS_PER_ROUND = 20_480;

const START_MILLIS = 1_795_224_243_463;
const STEP_MILLIS = 1000;

interface Figures {
  readonly best: number;
  readonly median: number;
}

/** Nanoseconds per record: the best and the middle of many rounds. `prepare` comes before each run and is not counted. */
function measure(name: string, size: number, run: () => unknown, prepare: () => void = () => {}): Figures {
  const runsPerRound = RECORDS_PER_ROUND / size;
  const nanos: number[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    let sum = 0;
    for (let index = 0; index < runsPerRound; index += 1) {
      prepare();
      const start = process.hrtime.bigint();
      run();
      sum += Number(process.hrtime.bigint() - start);
    }
    if (round >= 0) nanos.push(sum / RECORDS_PER_ROUND);
  }
  const sorted = nanos.toSorted((left, right) => left - right);
  const figures = { best: sorted[0] as number, median: sorted[ROUNDS >> 1] as number };
  console.log(
    `${name.padEnd(34)} ${String(size).padStart(5)}  ${figures.best.toFixed(0).padStart(6)} best  ${figures.median.toFixed(0).padStart(6)} median`,
  );
  return figures;
}

console.log('nanoseconds per record');
for (const size of BATCH_SIZES) {
  let nowMillis = START_MILLIS;
  const records = makeRecords(size, nowMillis);
  const state = new EncodeState({
    labels: [],
    maxStreams: 1000,
    maxRequestBytes: 0x10_0000,
    schemaVersion: false,
    tenantId: undefined,
  });
  // Time passes from batch to batch, as it does for an application: records that came again would all be late.
  const advance = (): void => {
    nowMillis += STEP_MILLIS;
    laterBy(records, STEP_MILLIS);
  };
  const encodeOnce = () => encode(records, state, { nowMillis, sizeRatio: () => 1 });
  const [payload] = encodeOnce().payloads;
  if (payload === undefined) throw new Error('Expected a payload.');
  const equivalent: unknown = JSON.parse(new TextDecoder().decode(payload.body));
  console.log(`${payload.body.length / size} bytes per record`);
  const encoder = new TextEncoder();
  const ours = measure('encode', size, encodeOnce, advance);
  const json = measure('JSON.stringify of the same', size, () => JSON.stringify(equivalent));
  measure('JSON.stringify of the same to bytes', size, () => encoder.encode(JSON.stringify(equivalent)));
  measure('OTLP JSON serialiser', size, () => JsonLogsSerializer.serializeRequest(records));
  measure('OTLP protobuf serialiser', size, () => ProtobufLogsSerializer.serializeRequest(records));
  console.log(`ratio to JSON.stringify: ${(ours.median / json.median).toFixed(2)}`);
}
