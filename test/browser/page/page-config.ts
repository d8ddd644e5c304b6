/** What a page of the fixture is asked to be, in the parameter `config` of its address. */
export interface PageConfig {
  /** Addresses to push to, one exporter and processor each; the first gets the records, the others are asked by number. */
  readonly pushUrls: readonly string[];
  /** @defaultValue 'indexed-db' */
  readonly outbox?: 'indexed-db' | 'memory';
  /**
   * `web`: `webPagePreset`. `queued`: nothing leaves the queue before it must, however severe. `eager`: batches leave after 50 ms.
   * @defaultValue 'web'
   */
  readonly batches?: 'web' | 'queued' | 'eager';
  /** As the option of the processor. @defaultValue the option is not given */
  readonly disableAutoFlushOnDocumentHide?: boolean;
  /** Makes `indexedDB.open` throw. @defaultValue false */
  readonly noDatabase?: boolean;
  /** Where records are emitted. @defaultValue 'page' */
  readonly place?: 'page' | 'worker';
}

/** Accounts of a processor and its exporter. */
export interface PipelineStats {
  readonly processor: Account;
  readonly exporter: Account;
}

/** As `LedgerSnapshot`, as it comes out of the page. */
export interface Account {
  readonly received: number;
  readonly created: number;
  readonly recovered: number;
  readonly passed: number;
  readonly droppedTotal: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly held: number;
}

/** A message of the diag logger. */
export interface DiagMessage {
  readonly level: 'error' | 'warn' | 'info' | 'debug' | 'verbose';
  readonly text: string;
}

/** What a test does with a pipeline, in the page or in its worker. */
export interface Pipelines {
  /** Emits records numbered from `from` on; severity INFO, into the first pipeline, unless said otherwise. */
  emit(from: number, count: number, severity?: number, pipeline?: number): void | Promise<void>;
  stats(): readonly PipelineStats[] | Promise<readonly PipelineStats[]>;
  flush(): Promise<void>;
  diagMessages(): readonly DiagMessage[] | Promise<readonly DiagMessage[]>;
}

/** A request of the page by `fetch` or `sendBeacon`. */
interface SeenRequest {
  readonly url: string;
  readonly bytes: number;
  readonly isKeepalive: boolean;
  readonly isBeacon: boolean;
  /** When it was called, in milliseconds since the page began. */
  readonly millis: number;
  /** The event of the page's end whose listener it was called in, before that listener returned. */
  readonly within: string | undefined;
}

/** What a page did, as far as nobody outside can see it. */
export interface PageRecording {
  readonly requests: SeenRequest[];
  /** Events of the page's life, in their order; `pageshow` and `pagehide` say whether out of, or into, the cache. */
  readonly events: string[];
  /** What was listened to, on window and document. */
  readonly listenedTo: string[];
  /** Time that the listeners of one such event took, in milliseconds, by event, in their order. */
  readonly listenerMillis: [event: string, millis: number][];
  /** The most bytes of keepalive requests that had no answer, at any moment. */
  keepaliveBytesAtMost: number;
  /** When the page was last told that it is online again, in milliseconds since it began. */
  onlineMillis?: number;
  /** Whether a database has been opened. */
  hasDatabase: boolean;
  /** Web Locks that the page has now. */
  locksHeld: number;
  /** Addresses that the policy of the page forbade. */
  readonly violations: string[];
}

/** `globalThis.fixture` of a page. */
export interface PageFixture extends Pipelines {
  readonly recording: PageRecording;
}
