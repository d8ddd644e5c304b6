import type { LogRecordExporter, LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  component,
  type ComponentProvider,
  defineComponentProvider,
  group,
  integer,
  list,
  milliseconds,
  number,
  property,
  required,
  severityNumber,
  text,
} from '@spillway/core/component-provider';

/** What the components of a test have done, in the order in which they did it. */
export type Journal = string[];

/** An exporter that keeps what it gets. */
export class KeepingExporter implements LogRecordExporter {
  readonly records: ReadableLogRecord[] = [];
  readonly options: object;
  readonly #journal: Journal;

  constructor(options: object, journal: Journal) {
    this.options = options;
    this.#journal = journal;
    journal.push('keeping made');
  }

  export(records: ReadableLogRecord[], resultCallback: (result: { code: number }) => void): void {
    this.records.push(...records);
    resultCallback({ code: 0 });
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    this.#journal.push('keeping shut down');
  }
}

/** A processor that hands everything on at once. */
export class PassingProcessor implements LogRecordProcessor {
  readonly options: PassingOptions;
  readonly #name: string;
  readonly #journal: Journal;

  constructor(name: string, options: PassingOptions, journal: Journal) {
    this.#name = name;
    this.options = options;
    this.#journal = journal;
    journal.push(`${name} made`);
  }

  onEmit(...[record, context]: Parameters<LogRecordProcessor['onEmit']>): void {
    this.options.delegate?.onEmit(record, context);
    for (const delegate of this.options.delegates ?? []) delegate.onEmit(record, context);
    this.options.exporter?.export([record], () => {});
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    this.#journal.push(`${this.#name} shut down`);
    await this.options.delegate?.shutdown();
    await this.options.exporter?.shutdown();
  }
}

interface PassingOptions {
  readonly exporter?: LogRecordExporter;
  readonly delegate?: LogRecordProcessor;
  readonly delegates?: readonly LogRecordProcessor[];
}

/** Components of somebody else: an exporter, a queue, a decorator, one with several delegates, and one without a schema. */
export function foreignComponents(journal: Journal = []): readonly ComponentProvider[] {
  const keeping = defineComponentProvider({
    type: 'LogRecordExporter',
    name: 'keeping',
    description: 'Keeps records.',
    properties: {
      endpoint: text('Address.'),
      token: text('Token.', { isSecret: true, pattern: '^[a-z]+$' }),
      headers_list: text('Headers.', { isSecret: true }),
      timeout: milliseconds('Longest time of a request. Raise it for slow links.', { min: 1 }),
      port: integer('Port.', { max: 65_535 }),
      outbox: property({ type: ['object', 'null'] }, 'Null stands for one of defaults.'),
    },
    create: (options: object) => new KeepingExporter(options, journal),
    check: ({ endpoint }: { readonly endpoint?: string }) => {
      if (endpoint === 'wrong') throw new RangeError('Expected `endpoint` to be an address, got `wrong` (string).');
    },
  });
  return [
    keeping,
    defineComponentProvider({
      type: 'LogRecordProcessor',
      name: 'queue',
      description: 'Holds records.',
      properties: {
        exporter: required(component('LogRecordExporter', 'Where they go. At once.')),
        min_severity: severityNumber('Lowest severity.'),
      },
      create: (options: PassingOptions) => new PassingProcessor('queue', options, journal),
    }),
    defineComponentProvider({
      type: 'LogRecordProcessor',
      name: 'thinning',
      description: 'Drops records.',
      properties: {
        delegate: required(component('LogRecordProcessor', 'Where the others go.')),
        ratio: number('Part that is kept.', { max: 1 }),
        rules: list('Rules.', group('Rule.', { scope: required(text('Scope.')) })),
      },
      create: (options: PassingOptions) => new PassingProcessor('thinning', options, journal),
    }),
    defineComponentProvider({
      type: 'LogRecordProcessor',
      name: 'parting',
      description: 'Several ways.',
      properties: {
        delegates: required(list('Ways.', component('LogRecordProcessor', 'A way.'), { minItems: 1 })),
      },
      create: (options: PassingOptions) => new PassingProcessor('parting', options, journal),
    }),
    { type: 'LogRecordExporter', name: 'plain', createComponent: (options) => new KeepingExporter(options, journal) },
  ];
}
