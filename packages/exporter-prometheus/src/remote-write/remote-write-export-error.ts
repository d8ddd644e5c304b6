const MAX_EXCERPT_CHARACTERS = 200;
// oxlint-disable-next-line eslint/no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]+/g;

/** What went wrong with a remote write request. Its message never holds a header or a secret. */
export class RemoteWriteExportError extends Error {
  override readonly name = 'RemoteWriteExportError';
  /** HTTP status of the receiver's answer. */
  readonly statusCode: number;

  /** @param answer the receiver's own words: a request has nothing but labels and numbers that it could quote */
  constructor(statusCode: number, text: string, answer = '') {
    const words = excerpt(answer);
    super(`${text} (${statusCode})${words === '' ? '' : `: ${words}`}`);
    this.statusCode = statusCode;
  }
}

function excerpt(answer: string): string {
  const text = answer.replaceAll(CONTROL_CHARACTERS, ' ').trim();
  return text.length > MAX_EXCERPT_CHARACTERS ? `${text.slice(0, MAX_EXCERPT_CHARACTERS - 3)}...` : text;
}
