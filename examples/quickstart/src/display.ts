import { styleText } from 'node:util';

import { formatSeconds } from './format.ts';
import { PANEL_COLUMNS, PANEL_ROWS, panelLines } from './panel.ts';
import type { Result, Status } from './status.ts';
import { finalTable, isClosed, PROGRESS_HEADER, progressLine, verdict } from './summary.ts';
import { Timeline } from './timeline.ts';

/** Shows a run while it goes on. */
export interface Display {
  /** Says what is about to happen; the first line is what has to be seen. */
  begin(title: string): void;
  /** Called several times per second. */
  update(status: Status): void;
  /** Says what has happened. */
  note(text: string, elapsedMillis: number): void;
  /** The run is over, and what it came to is being found out. */
  end(): void;
  /** Shows what it came to. */
  conclude(result: Result): void;
}

const PLAIN_INTERVAL_MILLIS = 1000;

/**
 * A panel that is redrawn where it can be, lines of text where not.
 *
 * @param endMillis how long the run takes
 */
export function openDisplay(
  endMillis: number,
  stream: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
): Display {
  const wantsText =
    ['CI', 'NO_COLOR'].some((name) => (environment[name] ?? '') !== '') || environment['TERM'] === 'dumb';
  const hasRoom = stream.isTTY && stream.columns >= PANEL_COLUMNS && stream.rows >= PANEL_ROWS;
  return hasRoom && !wantsText ? new PanelDisplay(stream, endMillis) : new PlainDisplay(stream);
}

class PlainDisplay implements Display {
  readonly #stream: NodeJS.WritableStream;
  #nextMillis = PLAIN_INTERVAL_MILLIS;
  /** The latest that was not shown. */
  #pending: Status | undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  begin(title: string): void {
    this.#stream.write(`${title}\n\n${PROGRESS_HEADER}\n`);
  }

  update(status: Status): void {
    this.#pending = status;
    if (status.elapsedMillis < this.#nextMillis) return;
    this.#nextMillis += PLAIN_INTERVAL_MILLIS;
    this.#writePending();
  }

  note(text: string, elapsedMillis: number): void {
    this.#stream.write(`${formatSeconds(elapsedMillis).padStart(7)}  ${text}\n`);
  }

  end(): void {
    this.#writePending();
  }

  conclude(result: Result): void {
    this.#stream.write(`\n${finalTable(result)}\n${verdict(result)}\n`);
  }

  #writePending(): void {
    if (this.#pending !== undefined) this.#stream.write(`${progressLine(this.#pending)}\n`);
    this.#pending = undefined;
  }
}

const shorten = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
const CLEAR_TO_END_OF_LINE = '\u001B[K';
const cursorUp = (lines: number): string => (lines === 0 ? '' : `\u001B[${lines}A`);

class PanelDisplay implements Display {
  readonly #stream: NodeJS.WriteStream;
  readonly #timeline: Timeline;
  readonly #showCursor = (): void => void this.#stream.write(SHOW_CURSOR);
  readonly #notes: string[] = [];
  #height = 0;

  constructor(stream: NodeJS.WriteStream, endMillis: number) {
    this.#stream = stream;
    this.#timeline = new Timeline(endMillis);
  }

  begin(title: string): void {
    process.once('exit', this.#showCursor);
    const [first = '', ...others] = title.split('\n');
    this.#stream.write(`${HIDE_CURSOR}${[styleText('bold', first), ...others].join('\n')}\n`);
  }

  update(status: Status): void {
    this.#timeline.add(status);
    const notes = this.#notes.map((note) => shorten(note, this.#stream.columns - 3));
    const lines = panelLines(status, this.#timeline, notes, styleText);
    this.#stream.write(cursorUp(this.#height) + lines.map((line) => `${line}${CLEAR_TO_END_OF_LINE}\n`).join(''));
    this.#height = lines.length;
  }

  note(text: string, elapsedMillis: number): void {
    this.#notes.push(`${formatSeconds(elapsedMillis).padStart(6)}  ${text}`);
  }

  end(): void {
    process.off('exit', this.#showCursor);
    this.#showCursor();
  }

  conclude(result: Result): void {
    const text = styleText(['bold', isClosed(result) ? 'green' : 'red'], verdict(result));
    this.#stream.write(`\n${finalTable(result)}\n${text}\n`);
  }
}
