import { excerpt } from '@spillway/core';

const MAX_EXCERPT_CHARACTERS = 200;

/** What went wrong with a request to Loki. Its message never holds a line, a header or a secret. */
export class LokiExportError extends Error {
  override readonly name = 'LokiExportError';
  /** HTTP status of Loki's answer. */
  readonly statusCode: number;

  /** @param answer Loki's own words, given only where they are known to quote nothing but labels and numbers */
  constructor(statusCode: number, text: string, answer?: string) {
    super(`${text} (${statusCode})${answer === undefined ? '' : `: ${excerpt(answer, MAX_EXCERPT_CHARACTERS)}`}`);
    this.statusCode = statusCode;
  }
}
