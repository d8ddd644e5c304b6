import type { PushedEntry } from './push-request.ts';

/** Sizes of the protobuf that the distributor sends to the ingester: https://github.com/grafana/loki/blob/main/pkg/push/push.proto */

export const varintBytes = (value: number | bigint): number => {
  if (typeof value === 'number' && value < 0x80) return 1;
  const unsigned = BigInt.asUintN(64, BigInt(value));
  return Math.max(1, Math.ceil(unsigned.toString(2).length / 7));
};

/** A tag of one byte, the length, the content. */
export const messageWireBytes = (bytes: number): number => {
  let length = 1;
  for (let rest = bytes; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return 1 + length + bytes;
};

/** As a message, except that an empty string is left out. */
export const stringWireBytes = (bytes: number): number => (bytes === 0 ? 0 : messageWireBytes(bytes));

const timeWireBytes = (timeNanos: bigint): number => {
  const nanos = ((timeNanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (timeNanos - nanos) / 1_000_000_000n;
  const secondsBytes = seconds === 0n ? 0 : 1 + (seconds > 0n && seconds < 1n << 35n ? 5 : varintBytes(seconds));
  return messageWireBytes(secondsBytes + (nanos === 0n ? 0 : 1 + uint32Bytes(Number(nanos))));
};

const uint32Bytes = (value: number): number =>
  value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5;

export const entryWireBytes = (entry: PushedEntry): number => {
  let bytes = timeWireBytes(entry.timeNanos) + stringWireBytes(entry.lineBytes);
  for (const [name, value] of entry.metadata) {
    bytes += messageWireBytes(stringWireBytes(Buffer.byteLength(name)) + stringWireBytes(Buffer.byteLength(value)));
  }
  return messageWireBytes(bytes);
};
