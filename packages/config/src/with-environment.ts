export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Does something that reads environment variables while these are the variables of the process: OpenTelemetry's libraries
 * take no others. Nothing else runs meanwhile.
 */
export function withEnvironment<Result>(environment: Environment | undefined, work: () => Result): Result {
  if (environment === undefined) return work();
  const own = process.env;
  process.env = { ...environment };
  try {
    return work();
  } finally {
    process.env = own;
  }
}
