/**
 * Calls a function of the application, of which nothing may come back: what it throws, and what its promise rejects
 * with, goes to `onError`. Nobody waits for the promise.
 */
export function callSafely(call: () => unknown, onError: (error: unknown) => void): void {
  try {
    const result = call();
    if (result instanceof Promise) result.catch(onError);
  } catch (error) {
    onError(error);
  }
}
