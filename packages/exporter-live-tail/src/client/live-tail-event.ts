/** What JSON can say. */
export type LiveTailValue =
  | string
  | number
  | boolean
  | null
  | readonly LiveTailValue[]
  | { readonly [key: string]: LiveTailValue };

/** First of each connection. */
export interface LiveTailHello {
  readonly protocol: number;
  /** What the server calls this client. */
  readonly client: string;
  /** Another one after each start of the server: offsets of two epochs have nothing to do with each other. */
  readonly epoch: string;
  /** Offset of the oldest record that the server keeps, and this client can get. */
  readonly oldest: number;
  /** Offset that the next record will have. */
  readonly next: number;
}

/** One log record. */
export interface LiveTailRecord {
  /** Whole numbers from 0 without holes, one for each record that the exporter evaluated. */
  readonly offset: number;
  /** Milliseconds since the epoch; may have a fraction. */
  readonly time: number;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly eventName?: string;
  readonly body?: LiveTailValue;
  /** Name of the instrumentation scope. */
  readonly scope: string;
  readonly scopeVersion?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes: Readonly<Record<string, LiveTailValue>>;
  readonly resource: Readonly<Record<string, LiveTailValue>>;
  /** Whether something was cut from it, because it was too large. */
  readonly truncated?: boolean;
}

/** Stands exactly where records are missing. */
export interface LiveTailGap {
  /** Offset of the first one that is missing. */
  readonly from: number;
  /** Offset of the last one that is missing. */
  readonly to: number;
  readonly count: number;
  /** `slow`: this client did not keep up. `expired`: it was away for longer than the server keeps records. */
  readonly reason: 'slow' | 'expired';
}

/** Comes once a second. */
export interface LiveTailStats {
  /** How many records the server has evaluated since its start. */
  readonly received: number;
  readonly clients: number;
  /** How many records wait for this client, and how many may. */
  readonly buffered: number;
  readonly maxBuffered: number;
  /** How many records this client has missed, since it was connected. */
  readonly dropped: number;
  /** Whether this client keeps up. */
  readonly healthy: boolean;
}

/** Last of a connection that the server ends. */
export interface LiveTailBye {
  readonly reason: 'shutdown' | 'slow';
}

/** What a server of protocol 1 says. */
export type LiveTailEvent =
  | { readonly type: 'hello'; readonly data: LiveTailHello }
  | { readonly type: 'record'; readonly data: LiveTailRecord }
  | { readonly type: 'gap'; readonly data: LiveTailGap }
  | { readonly type: 'stats'; readonly data: LiveTailStats }
  | { readonly type: 'bye'; readonly data: LiveTailBye };

const TYPES: ReadonlySet<string> = new Set([
  'hello',
  'record',
  'gap',
  'stats',
  'bye',
] satisfies LiveTailEvent['type'][]);

/** Reads one event. `undefined` for a type that a later server may add, and for data that is no JSON object. */
export function readLiveTailEvent(type: string, json: string): LiveTailEvent | undefined {
  if (!TYPES.has(type)) return undefined;
  try {
    const data: unknown = JSON.parse(json);
    return typeof data === 'object' && data !== null ? ({ type, data } as LiveTailEvent) : undefined;
  } catch {
    return undefined;
  }
}
