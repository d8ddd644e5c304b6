import { toHrTime } from '@spillway/core';
import type { LiveTailGap, LiveTailRecord } from '@spillway/exporter-live-tail/live-tail-client';
import { consoleHandler, type LogHandler } from '@spillway/logger';

import type { Terminal } from './terminal.ts';

/** Whoever reads slower than this shall miss records, and not have them pile up here. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Prints records of a live tail, for people or as JSON; tells what is missing. */
export class RecordPrinter {
  readonly #terminal: Terminal;
  readonly #print: (record: LiveTailRecord) => void;
  #skipped = 0;

  constructor(terminal: Terminal, isJson: boolean) {
    this.#terminal = terminal;
    const { out } = terminal;
    if (isJson) {
      this.#print = (record) => out.write(`${JSON.stringify(record)}\n`);
      return;
    }
    const write = (line: string): unknown => out.write(`${line}\n`);
    const lines = { debug: write, info: write, warn: write, error: write };
    const handler = consoleHandler({ console: lines, colors: out.isTTY === true && (out.hasColors?.() ?? true) });
    this.#print = (record) => void handler(toReadable(record));
  }

  record(record: LiveTailRecord): void {
    if (this.#terminal.out.writableLength > MAX_WAITING_BYTES) {
      this.#skipped += 1;
      return;
    }
    this.tellSkipped();
    this.#print(record);
  }

  gap({ count, reason }: LiveTailGap): void {
    const why = reason === 'slow' ? 'this reader was too slow' : 'they are no longer kept';
    this.note(`${count} ${count === 1 ? 'record is' : 'records are'} missing here: ${why}`);
  }

  /** Tells how many records were not printed, if any were not. */
  tellSkipped(): void {
    if (this.#skipped === 0) return;
    this.note(`${this.#skipped} records are missing here: the output was not read fast enough`);
    this.#skipped = 0;
  }

  note(text: string): void {
    this.#terminal.err.write(`--- ${text}\n`);
  }
}

/** As much of a log record as the handler for consoles reads. */
function toReadable({
  time,
  severityNumber,
  body,
  eventName,
  scope,
  attributes,
}: LiveTailRecord): Parameters<LogHandler>[0] {
  return {
    hrTime: toHrTime(time),
    severityNumber,
    body,
    eventName,
    attributes,
    instrumentationScope: { name: scope },
  } as Parameters<LogHandler>[0];
}
