import type { TailRecord } from '../records/tail-record.ts';
import type { Outflow } from './outflow.ts';

export type Transport = 'sse' | 'websocket';

/** Events of the protocol besides records. */
export type TailEvent = 'hello' | 'gap' | 'stats' | 'bye';

/** One client's connection. Nothing here throws, also after it has ended. */
export interface ClientStream {
  readonly transport: Transport;
  readonly outflow: Outflow;
  writeRecord(record: TailRecord): void;
  writeEvent(type: TailEvent, data: object): void;
  /** Writes something without a meaning, and calls back when it has left the process, or never can. */
  ping(onWritten?: () => void): void;
  /** Ends it after what was written. */
  end(): void;
  /** Ends it at once. */
  destroy(): void;
}
