import { diag, DiagLogLevel } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { indexedDbOutbox, MemoryOutbox, type Outbox } from '@spillway/delivery';
import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import { HybridLogRecordProcessor, type HybridLogRecordProcessorOptions, webPagePreset } from '@spillway/processors';

import { emitRecords } from './emit-records.ts';
import type { DiagMessage, PageConfig, PipelineStats, Pipelines } from './page-config.ts';

type BatchOptions = Pick<
  HybridLogRecordProcessorOptions,
  'maxExportBatchSize' | 'scheduledDelayMillis' | 'immediateMinSeverity'
>;

const BATCHES: Readonly<Record<NonNullable<PageConfig['batches']>, BatchOptions>> = {
  web: webPagePreset,
  queued: { maxExportBatchSize: 10_000, scheduledDelayMillis: 600_000, immediateMinSeverity: Infinity },
  eager: { maxExportBatchSize: 50, scheduledDelayMillis: 50 },
};

/** The pipelines of a page or worker, as an application makes them. */
export function createPipelines(config: PageConfig): Pipelines {
  const messages = captureDiag();
  const pipelines = config.pushUrls.map((url) => createPipeline(url, config));
  return {
    emit: (from, count, severityNumber, pipeline = 0) => {
      const logger = pipelines[pipeline]?.logger;
      if (logger !== undefined) emitRecords(logger, from, count, severityNumber);
    },
    stats: () => pipelines.map(({ stats }) => stats()),
    flush: async () => {
      await Promise.all(pipelines.map(({ processor }) => processor.forceFlush({ timeoutMillis: 5000 })));
    },
    diagMessages: () => messages,
  };
}

interface Pipeline {
  readonly processor: HybridLogRecordProcessor;
  readonly logger: ReturnType<LoggerProvider['getLogger']>;
  readonly stats: () => PipelineStats;
}

function createPipeline(url: string, config: PageConfig): Pipeline {
  const exporter = new LokiLogRecordExporter({ url, outbox: createOutbox(config) });
  const { batches = 'web', disableAutoFlushOnDocumentHide } = config;
  const processor = new HybridLogRecordProcessor({
    exporter,
    ...BATCHES[batches],
    ...(disableAutoFlushOnDocumentHide !== undefined && { disableAutoFlushOnDocumentHide }),
  });
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('page');
  return {
    processor,
    logger,
    stats: () => ({ processor: processor.stats(), exporter: exporter.stats() }),
  };
}

function createOutbox({ outbox }: PageConfig): Outbox {
  return outbox === 'memory' ? new MemoryOutbox() : indexedDbOutbox();
}

function captureDiag(): readonly DiagMessage[] {
  const messages: DiagMessage[] = [];
  const note =
    (level: DiagMessage['level']) =>
    (...parts: readonly unknown[]): void => {
      messages.push({ level, text: parts.map(String).join(' ') });
    };
  diag.setLogger(
    { error: note('error'), warn: note('warn'), info: note('info'), debug: note('debug'), verbose: note('verbose') },
    { logLevel: DiagLogLevel.INFO },
  );
  return messages;
}
