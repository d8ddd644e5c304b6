import type { EncodedPayload, Encoding } from '@spillway/delivery';

let lastNanos = 0n;

/** A time that nothing else has. */
function nextNanos(): bigint {
  const now = BigInt(Date.now()) * 1_000_000n;
  lastNanos = now > lastNanos ? now : lastNanos + 1n;
  return lastNanos;
}

/** Encodes lines as pushes to Loki, each by itself. */
export function encodeLines(lines: readonly string[]): Encoding {
  return { payloads: lines.map((line) => encodeLine(line)), drops: [] };
}

function encodeLine(line: string): EncodedPayload {
  const values = [[String(nextNanos()), line]];
  const body = new TextEncoder().encode(JSON.stringify({ streams: [{ stream: { app: 'durability' }, values }] }));
  return {
    body,
    recordOffsets: new Uint32Array(1),
    highestSeverity: 9,
    oldestTimeMillis: Date.now(),
    tenant: undefined,
  };
}
