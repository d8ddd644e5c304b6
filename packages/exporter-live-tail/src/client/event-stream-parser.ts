/** One event of a stream, as `EventSource` would dispatch it. */
export interface StreamEvent {
  /** `message` where the stream does not say. */
  readonly type: string;
  readonly data: string;
  /** The last id that the stream has set, also by an earlier event; empty before the first. */
  readonly id: string;
}

/** Far above any record: a server that never ends a line must not fill this memory. */
const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

/**
 * Reads an event stream piece by piece, wherever it is cut, also within a character. Each byte is looked at once.
 * Events longer than 16 Mi characters are left out.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation (read 2026-11-28)
 */
export class EventStreamParser {
  readonly #onEvent: (event: StreamEvent) => void;
  readonly #decoder = new TextDecoder();
  /** The beginning of a line whose end has not come yet. */
  #pieces: string[] = [];
  #pieceCharacters = 0;
  /** Whether the last chunk ended with CR: a LF that comes next belongs to it. */
  #endedWithCr = false;
  #isTooLong = false;

  #type = '';
  #data: string | undefined;
  #dataCharacters = 0;
  #id = '';

  constructor(onEvent: (event: StreamEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Reads on, and hands over each event that is complete. */
  push(chunk: Uint8Array): void {
    const text = this.#decoder.decode(chunk, { stream: true });
    if (text === '') return;
    let start = this.#endedWithCr && text.startsWith('\n') ? 1 : 0;
    this.#endedWithCr = text.endsWith('\r');
    // Most streams have no CR at all: it is not searched for again before it is passed.
    let cr = positionOf(text, '\r', start);
    for (let lf = positionOf(text, '\n', start); Math.min(lf, cr) < text.length;) {
      const end = Math.min(lf, cr);
      this.#readLine(this.#completeLine(text.slice(start, end)));
      start = end === cr && lf === cr + 1 ? end + 2 : end + 1;
      if (lf < start) lf = positionOf(text, '\n', start);
      if (cr < start) cr = positionOf(text, '\r', start);
    }
    this.#keep(text.slice(start));
  }

  #completeLine(end: string): string {
    if (this.#pieces.length === 0) return end;
    const line = this.#pieces.join('') + end;
    this.#pieces = [];
    this.#pieceCharacters = 0;
    return line;
  }

  #keep(piece: string): void {
    if (piece === '') return;
    this.#pieceCharacters += piece.length;
    if (this.#pieceCharacters + this.#dataCharacters > MAX_EVENT_CHARACTERS) this.#isTooLong = true;
    // Of a line that is too long only its beginning is kept: it must not look like an empty one, which ends the event.
    if (!this.#isTooLong || this.#pieces.length === 0) this.#pieces.push(piece);
  }

  #readLine(line: string): void {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(':');
    // A comment.
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1);
    if (field === 'data') this.#addData(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
  }

  #addData(value: string): void {
    this.#dataCharacters += value.length;
    if (this.#dataCharacters > MAX_EVENT_CHARACTERS) this.#isTooLong = true;
    if (this.#isTooLong) return;
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }

  #dispatch(): void {
    const [type, data, isTooLong] = [this.#type, this.#data, this.#isTooLong];
    this.#type = '';
    this.#data = undefined;
    this.#dataCharacters = 0;
    this.#isTooLong = false;
    if (data === undefined || isTooLong) return;
    this.#onEvent({ type: type === '' ? 'message' : type, data, id: this.#id });
  }
}

/** The length of the text where it is not in there. */
function positionOf(text: string, character: string, from: number): number {
  const position = text.indexOf(character, from);
  return position === -1 ? text.length : position;
}
