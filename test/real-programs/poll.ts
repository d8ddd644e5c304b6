const PAUSE_MILLIS = 50;
const DEADLINE_MILLIS = 20_000;

/**
 * Asks again and again until there is an answer, for what another program does in its own time. What `ask` throws counts
 * as no answer.
 * @throws Error with what `ask` threw last, where there is none before the deadline
 */
export async function poll<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  deadlineMillis: number = DEADLINE_MILLIS,
): Promise<T> {
  const deadline = performance.now() + deadlineMillis;
  let cause: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  }
  throw new Error(`${what} did not happen within ${deadlineMillis} ms`, { cause });
}
