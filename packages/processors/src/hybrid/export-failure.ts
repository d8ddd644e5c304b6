const REQUEST_TIMEOUT = 408;
const TOO_MANY_REQUESTS = 429;

/**
 * Whether an exporter's error says that the same batch would fail again: an HTTP status of 4xx as its `code`, as the
 * errors of OTLP exporters carry it. 408 and 429 are the two that ask for another try.
 */
export function isFinalFailure(error: unknown): boolean {
  const code = readCode(error);
  return (
    typeof code === 'number' && code >= 400 && code < 500 && code !== REQUEST_TIMEOUT && code !== TOO_MANY_REQUESTS
  );
}

function readCode(error: unknown): unknown {
  try {
    return (error as { code?: unknown } | null | undefined)?.code;
  } catch {
    // A getter of the exporter's error threw; what it would have said is not known.
    return undefined;
  }
}
