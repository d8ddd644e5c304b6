/** A callback of the application threw: what it was asked about is kept. */
class UserCallbackError extends Error {
  override readonly name = 'UserCallbackError';
  /** Name of the option. */
  readonly option: string;

  constructor(option: string, cause: unknown) {
    super(`The ${option} callback threw`, { cause });
    this.option = option;
  }
}

/** The callback, whose errors can be told from those of the record that it is asked about. */
export function guarded<Arguments extends readonly [unknown?], Result>(
  option: string,
  callback: (...argument: Arguments) => Result,
): (...argument: Arguments) => Result {
  return (...argument) => {
    try {
      const answer = callback(...argument);
      // Left alone, what an `async` callback rejects with would end the process.
      if (answer instanceof Promise) answer.catch(() => {});
      return answer;
    } catch (error) {
      throw new UserCallbackError(option, error);
    }
  };
}

/** The error of a callback, if that is what was caught. What a record throws can be anything, and throw once more. */
export function asUserCallbackError(thrown: unknown): UserCallbackError | undefined {
  try {
    return thrown instanceof UserCallbackError ? thrown : undefined;
  } catch {
    return undefined;
  }
}
