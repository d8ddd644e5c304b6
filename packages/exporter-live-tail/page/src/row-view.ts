import { element, setText } from './elements.ts';
import type { GapRow, RecordRow, TailRow } from './tail-row.ts';
import { attributesOf, exceptionOf, formatCount, formatTime, messageOf, oneLine, severityName } from './text-format.ts';

const SHOWN_TRACE_CHARACTERS = 8;

const GAP_REASONS: Readonly<Record<GapRow['reason'], string>> = {
  slow: 'this page was too slow',
  expired: 'this page was away for longer than the server keeps records',
  paused: 'more came while the list was paused than this page keeps',
};

/** One place of the list: shows one row after the other, and is never made anew. */
export class RowView {
  readonly root: HTMLElement = element('div', 'row');
  readonly #time = element('span', 'time');
  readonly #severity = element('span', 'severity');
  readonly #scope = element('span', 'scope');
  readonly #message = element('span', 'message');
  readonly #body = element('span', 'body');
  readonly #exception = element('span', 'exception');
  readonly #attributes = element('span', 'attributes');
  readonly #trace = element('span', 'trace');
  #row: TailRow | undefined;

  constructor(id: string) {
    this.root.id = id;
    this.root.setAttribute('role', 'option');
    this.#trace.title = 'Show only this trace';
    this.#message.append(this.#body, this.#exception, this.#attributes);
    this.root.append(this.#time, this.#severity, this.#scope, this.#message, this.#trace);
  }

  /** The row that it shows. */
  get row(): TailRow | undefined {
    return this.#row;
  }

  /** Whether something within the view is its trace id. */
  isTrace(target: EventTarget | null): boolean {
    return target === this.#trace;
  }

  show(row: TailRow, position: number, total: number, isSelected: boolean): void {
    this.root.hidden = false;
    this.root.setAttribute('aria-posinset', String(position));
    this.root.setAttribute('aria-setsize', String(total));
    this.root.setAttribute('aria-selected', String(isSelected));
    if (this.#row === row) return;
    this.#row = row;
    this.root.dataset['kind'] = row.kind;
    if (row.kind === 'record') this.#showRecord(row);
    else this.#showMark(row.kind === 'gap' ? gapText(row) : `server restarted · ${formatTime(row.time).slice(0, 8)}`);
  }

  hide(): void {
    this.root.hidden = true;
    this.#row = undefined;
  }

  #showRecord({ record }: RecordRow): void {
    const name = severityName(record);
    this.root.dataset['severity'] = name?.toLowerCase() ?? 'none';
    setText(this.#time, formatTime(record.time));
    setText(this.#severity, name ?? '');
    setText(this.#scope, oneLine(record.scope));
    setText(this.#body, messageOf(record));
    setText(this.#exception, exceptionOf(record) ?? '');
    setText(this.#attributes, attributesOf(record));
    setText(this.#trace, oneLine(record.traceId?.slice(0, SHOWN_TRACE_CHARACTERS) ?? ''));
  }

  #showMark(text: string): void {
    delete this.root.dataset['severity'];
    for (const part of [this.#time, this.#severity, this.#scope, this.#exception, this.#attributes, this.#trace]) {
      setText(part, '');
    }
    setText(this.#body, text);
  }
}

function gapText({ count, reason }: GapRow): string {
  return `${formatCount(count)} ${count === 1 ? 'record' : 'records'} missed: ${GAP_REASONS[reason]}`;
}
