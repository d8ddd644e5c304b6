/** A callback of the application threw: what it was asked about is kept. */
export class UserCallbackError extends Error {
  override readonly name = 'UserCallbackError';
  /** Name of the option. */
  readonly option: string;

  constructor(option: string, cause: unknown) {
    super(`The ${option} callback threw`, { cause });
    this.option = option;
  }
}

/** The callback, whose errors can be told from those of the record that it is asked about. */
export function guarded<Arguments extends readonly unknown[], Result>(
  option: string,
  callback: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  return (...args) => {
    try {
      return callback(...args);
    } catch (error) {
      throw new UserCallbackError(option, error);
    }
  };
}
