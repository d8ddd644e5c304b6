import { formatLabels, parseLabels } from './label-parser.ts';
import { labelValue, sortLabels } from './label-set.ts';
import type { Pair } from './push-request.ts';
import { stringWireBytes, varintBytes } from './wire-size.ts';
import { xxHash64 } from './xx-hash.ts';

const UNKNOWN_SERVICE = 'unknown_service';

/** Streams that Loki writes for itself: they get no `service_name`. */
const INTERNAL_LABELS = ['__aggregated_metric__', '__pattern__'];

/** The labels of a stream: parsed, sorted, with `service_name`. */
export class StreamLabels {
  readonly pairs: readonly Pair[];
  /** What identifies the stream, and stands for it in errors. */
  readonly text: string;
  readonly isInternal: boolean;
  #record: Readonly<Record<string, string>> | undefined;
  #wireBytes: number | undefined;
  #hash: bigint | undefined;

  constructor(pairs: readonly Pair[]) {
    this.pairs = pairs;
    this.text = formatLabels(pairs);
    this.isInternal = INTERNAL_LABELS.some((name) => labelValue(pairs, name) !== undefined);
  }

  /** @throws LabelParseError */
  static parse(text: string, discoverServiceName: readonly string[]): StreamLabels {
    const labels = new StreamLabels(parseLabels(text));
    const isNamed = labelValue(labels.pairs, 'service_name') !== undefined;
    if (isNamed || labels.isInternal || discoverServiceName.length === 0) return labels;
    let serviceName = UNKNOWN_SERVICE;
    for (const name of discoverServiceName) {
      const value = labelValue(labels.pairs, name);
      if (value === undefined) continue;
      serviceName = value;
      break;
    }
    return new StreamLabels(sortLabels([...labels.pairs, ['service_name', serviceName]]));
  }

  get record(): Readonly<Record<string, string>> {
    this.#record ??= Object.freeze(Object.fromEntries(this.pairs));
    return this.#record;
  }

  /** What labels and their hash take in a message between distributor and ingester. */
  get wireBytes(): number {
    this.#wireBytes ??= stringWireBytes(Buffer.byteLength(this.text)) + 1 + varintBytes(this.hash);
    return this.#wireBytes;
  }

  /** It decides the order of streams that have lines of the same time. */
  get hash(): bigint {
    this.#hash ??= hashLabels(this.pairs);
    return this.#hash;
  }
}

const hashLabels = (pairs: readonly Pair[]): bigint => {
  const separator = Buffer.of(0xff);
  const parts = pairs.flatMap(([name, value]) => [Buffer.from(name), separator, Buffer.from(value), separator]);
  return xxHash64(Buffer.concat(parts));
};
