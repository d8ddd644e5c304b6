/** An error with a stable name, which becomes the metric attribute `error.type`. */
export function namedError(name: string, text: string, cause?: unknown): Error {
  const error = new Error(text, cause === undefined ? {} : { cause });
  error.name = name;
  return error;
}
