import { EncodeState } from '../../../packages/exporter-loki/src/encode-state.ts';
import { encode } from '../../../packages/exporter-loki/src/encode.ts';

import { makeRecords } from './encode-records.ts';

/** Batches as the processor makes them: its default size, and what a backlog is sent in. */
const BATCH_SIZES = [512, 2048];
const ROUNDS = 30;
const RECORDS_PER_ROUND = 40_960;

const NOW_MILLIS = 1_795_224_243_463;

/** Nanoseconds per record: the best and the middle of many rounds. */
function measure(name: string, size: number, run: () => unknown): { best: number; median: number } {
  const runsPerRound = RECORDS_PER_ROUND / size;
  for (let index = 0; index < runsPerRound * 3; index += 1) run();
  const nanos: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.hrtime.bigint();
    for (let index = 0; index < runsPerRound; index += 1) run();
    nanos.push(Number(process.hrtime.bigint() - start) / RECORDS_PER_ROUND);
  }
  const sorted = nanos.toSorted((left, right) => left - right);
  const result = { best: sorted[0] as number, median: sorted[ROUNDS >> 1] as number };
  console.log(
    `${name.padEnd(34)} ${String(size).padStart(5)}  ${result.best.toFixed(0).padStart(6)} best  ${result.median.toFixed(0).padStart(6)} median`,
  );
  return result;
}

console.log('nanoseconds per record');
for (const size of BATCH_SIZES) {
  const records = makeRecords(size, NOW_MILLIS);
  const state = new EncodeState({
    labels: [],
    maxStreams: 1000,
    maxRequestBytes: 0x10_0000,
    schemaVersion: false,
    tenantId: undefined,
  });
  const context = { nowMillis: NOW_MILLIS, sizeRatio: () => 1 };
  const [payload] = encode(records, state, context).payloads;
  if (payload === undefined) throw new Error('Expected a payload.');
  const equivalent: unknown = JSON.parse(new TextDecoder().decode(payload.body));
  console.log(`${payload.body.length / size} bytes per record`);
  const encoder = new TextEncoder();
  const ours = measure('encode', size, () => encode(records, state, context));
  const json = measure('JSON.stringify of the same', size, () => JSON.stringify(equivalent));
  measure('JSON.stringify of the same to bytes', size, () => encoder.encode(JSON.stringify(equivalent)));
  console.log(`ratio to JSON.stringify: ${(ours.median / json.median).toFixed(2)}`);
}
