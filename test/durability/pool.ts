/** Runs tasks, `width` of them at a time: processes that start all at once are only slower. Answers in their order. */
export async function runAll<T>(tasks: readonly (() => Promise<T>)[], width = 3): Promise<T[]> {
  const results: T[] = [];
  const waiting = tasks.entries();
  async function work(): Promise<void> {
    for (const [index, task] of waiting) results[index] = await task();
  }
  await Promise.all(Array.from({ length: width }, work));
  return results;
}
