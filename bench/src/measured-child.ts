/** Says that the process is warm, and resolves when its parent wants to see figures. */
export async function tellWarm(): Promise<void> {
  process.send?.('warm');
  await told();
}

/** Resolves when the parent says something. */
export function told(): Promise<unknown> {
  return new Promise((resolve) => process.once('message', resolve));
}

/** Tells the parent what was measured, and ends. */
export function endWith(figures: object): never {
  process.send?.(figures);
  process.disconnect();
  process.exit(0);
}
