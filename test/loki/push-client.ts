import type { LokiStandIn } from './loki-stand-in.ts';

/** What a push was answered with. */
export interface PushAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** Sends a push to a stand-in, as it is: nothing is corrected. */
export const push = async (
  standIn: LokiStandIn,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): Promise<PushAnswer> => {
  const response = await fetch(`${standIn.url}/loki/api/v1/push`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? Buffer.from(body) : new Uint8Array(body),
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
};

/** A line with its time in nanoseconds and its metadata. */
export type PushLine = readonly [timeNanos: bigint, line: string, metadata?: Readonly<Record<string, string>>];

/** The JSON of a push with some streams. */
export const pushBody = (...streams: readonly (readonly [labels: object, ...lines: readonly PushLine[]])[]): string =>
  JSON.stringify({
    streams: streams.map(([stream, ...lines]) => ({
      stream,
      values: lines.map(([timeNanos, ...rest]) => [String(timeNanos), ...rest]),
    })),
  });
