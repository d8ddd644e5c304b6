const ignore = (): void => {};

/** One sending of everything there is, which all that ask for it meanwhile share. */
export class FlushRun {
  resolve: () => void = ignore;
  reject: (error: unknown) => void = ignore;
  readonly done: Promise<void> = new Promise((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}
