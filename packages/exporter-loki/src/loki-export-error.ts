/** What Loki, or something before it, refused. Its message never holds a line, a label or a secret. */
export class LokiExportError extends Error {
  override readonly name: string = 'LokiExportError';
  /** HTTP status of the answer. */
  readonly statusCode: number;

  constructor(text: string, statusCode: number) {
    super(`${text} (status ${statusCode}).`);
    this.statusCode = statusCode;
  }
}
