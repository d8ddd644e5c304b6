const MAX_EXCERPT_CHARACTERS = 200;
// oxlint-disable-next-line eslint/no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]+/g;

/** What went wrong with a request to Loki. Its message never holds a line, a header or a secret. */
export class LokiExportError extends Error {
  override readonly name = 'LokiExportError';
  /** HTTP status of Loki's answer. */
  readonly statusCode: number;

  /** @param answer Loki's own words, given only where they are known to quote nothing but labels and numbers */
  constructor(statusCode: number, text: string, answer?: string) {
    super(`${text} (${statusCode})${answer === undefined ? '' : `: ${excerpt(answer)}`}`);
    this.statusCode = statusCode;
  }
}

function excerpt(answer: string): string {
  const text = answer.replaceAll(CONTROL_CHARACTERS, ' ').trim();
  return text.length > MAX_EXCERPT_CHARACTERS ? `${text.slice(0, MAX_EXCERPT_CHARACTERS - 3)}...` : text;
}
