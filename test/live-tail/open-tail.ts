import { LiveTailLogRecordExporter } from '@spillway/exporter-live-tail';

import { recordOf } from './record-of.ts';
import type { TailInput } from './tail-fixture.ts';

/** A server with a page that tests look at. */
export interface OpenTail {
  /** Address of the page, with the token. */
  readonly url: string;
  emit(records: readonly TailInput[]): void;
  close(): Promise<void>;
}

export interface OpenTailOptions {
  readonly traceUrl?: string;
  /** How many records are kept for clients that come later and for slow ones. */
  readonly capacity?: number;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** The exporter itself, for tests that need no fault of it. */
export async function openTail({ capacity = 50_000, ...options }: OpenTailOptions = {}): Promise<OpenTail> {
  const exporter = new LiveTailLogRecordExporter({
    port: 0,
    recent: { maxRecords: capacity, maxBytes: MAX_BYTES },
    clientBuffer: { maxSize: capacity, maxBytes: MAX_BYTES },
    ...options,
  });
  return {
    url: await exporter.listening(),
    emit: (records) => exporter.export(records.map(recordOf), () => {}),
    close: () => exporter.shutdown({ timeoutMillis: 1000 }),
  };
}
