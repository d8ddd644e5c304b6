import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { cutText, ownText, wellFormed } from '@spillway/core';

import { bodyOutline } from './body-outline.ts';
import { topFrames } from './stack-frames.ts';
import { TextMasker } from './text-masker.ts';

const MAX_TYPE_UNITS = 256;
/** Of a stack trace that is kept. */
const MAX_KEPT_UNITS = 8192;
/** Before it, JavaScript writes the message, which may differ. */
const FIRST_FRAME = '\n    at ';

/**
 * Finds out what a record tells of, as a text that is equal for records of one problem: type and top frames of its exception,
 * or else its body, masked. A body that is no text counts by its JSON.
 * @see https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/ (read 2026-11-28)
 */
export class FingerprintReader {
  readonly #masker: TextMasker = new TextMasker();
  #lastFrames = '';
  /** Of the stack trace of the last frames, where they came twice: in a storm they often come again. */
  #lastTrace = '';

  /** Undefined where the record tells nothing. Never throws: what cannot be read is missing. */
  read(record: ReadableLogRecord): string | undefined {
    return this.#ofFrames(record) || this.#ofBody(record) || this.#ofMessage(record) || undefined;
  }

  #ofFrames(record: ReadableLogRecord): string {
    const stack = attributeText(record, 'exception.stacktrace');
    const frames = stack === '' ? '' : this.#framesOf(stack);
    if (frames === '') return '';
    const type = wellFormed(cutText(attributeText(record, 'exception.type'), MAX_TYPE_UNITS));
    return `${type} | ${this.#masker.mask(frames)}`;
  }

  #framesOf(stack: string): string {
    const start = Math.max(stack.indexOf(FIRST_FRAME), 0);
    if (stack.length - start === this.#lastTrace.length && stack.endsWith(this.#lastTrace)) return this.#lastFrames;
    const trace = stack.slice(start);
    const frames = topFrames(trace);
    const isKept = frames === this.#lastFrames && trace.length <= MAX_KEPT_UNITS;
    this.#lastTrace = isKept ? ownText(trace) : '';
    this.#lastFrames = frames;
    return frames;
  }

  #ofBody(record: ReadableLogRecord): string {
    const body = bodyOf(record);
    if (typeof body === 'string') return this.#masker.mask(body);
    return typeof body === 'object' && body !== null ? this.#masker.mask(bodyOutline(body)) : '';
  }

  #ofMessage(record: ReadableLogRecord): string {
    return this.#masker.mask(attributeText(record, 'exception.message'));
  }
}

function attributeText(record: ReadableLogRecord, key: string): string {
  try {
    const text = record.attributes?.[key];
    return typeof text === 'string' ? text : '';
  } catch {
    return '';
  }
}

function bodyOf(record: ReadableLogRecord): unknown {
  try {
    return record.body;
  } catch {
    return undefined;
  }
}
