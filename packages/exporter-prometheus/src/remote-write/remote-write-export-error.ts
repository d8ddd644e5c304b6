import { excerpt } from '@spillway/core';

const MAX_EXCERPT_CHARACTERS = 200;

/** What went wrong with a remote write request. Its message never holds a header or a secret. */
export class RemoteWriteExportError extends Error {
  override readonly name = 'RemoteWriteExportError';
  /** HTTP status of the receiver's answer. */
  readonly statusCode: number;

  /** @param answer the receiver's own words: a request has nothing but labels and numbers that it could quote */
  constructor(statusCode: number, text: string, answer = '') {
    const words = excerpt(answer, MAX_EXCERPT_CHARACTERS);
    super(`${text} (${statusCode})${words === '' ? '' : `: ${words}`}`);
    this.statusCode = statusCode;
  }
}
