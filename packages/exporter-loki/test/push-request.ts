import type { EncodedPayload } from '@spillway/delivery';

/** A record as it stands in a push request. */
export interface PushEntry {
  readonly tenant: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly line: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface PushRequest {
  readonly streams: readonly {
    readonly stream: Record<string, string>;
    readonly values: readonly (readonly [string, string, Record<string, string>?])[];
  }[];
}

export function textOf(payload: EncodedPayload): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(payload.body);
}

/** All records of a payload, in their order. */
export function entriesOf(payload: EncodedPayload): PushEntry[] {
  const { streams } = JSON.parse(textOf(payload)) as PushRequest;
  return streams.flatMap(({ stream, values }) =>
    values.map(([time, line, metadata = {}]) => ({
      tenant: payload.tenant,
      labels: stream,
      time: BigInt(time),
      line,
      metadata,
    })),
  );
}

export function allEntries(payloads: readonly EncodedPayload[]): PushEntry[] {
  return payloads.flatMap((payload) => entriesOf(payload));
}

/** Labels in which Loki looks for the name of a service that has none. */
const SERVICE_NAME_LABELS = ['service', 'app', 'k8s_container_name', 'container_name', 'k8s_job_name'];

/** What a query would show of an entry, the level apart that Loki detects. */
export function storedStream({ labels, metadata }: PushEntry): Record<string, string> {
  const found = SERVICE_NAME_LABELS.map((name) => labels[name]).find((value) => value !== undefined);
  const stream: Record<string, string> = { service_name: found ?? 'unknown_service', ...labels };
  for (const [name, value] of Object.entries(metadata)) stream[name in stream ? `${name}_extracted` : name] = value;
  return stream;
}
