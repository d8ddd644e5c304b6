import { fileOutboxError, reasonOf } from './database-error.ts';
import type { DatabaseSettings } from './locked-database.ts';
import type { OutboxDirectory } from './outbox-directory.ts';
import { PayloadDatabase } from './payload-database.ts';

/** A file that cannot be made is not tried again before it. */
const RETRY_MILLIS = 1000;

export interface CurrentFileOptions {
  readonly directory: OutboxDirectory;
  /** Name of the first file; later ones are of its series. */
  readonly fileName: string;
  readonly settings: DatabaseSettings;
  readonly now: () => number;
}

/** The file that payloads are put in: made when it is needed, and again where it was lost. */
export class CurrentFile {
  /** Undefined until there is one, and after it was lost. */
  database: PayloadDatabase | undefined;
  readonly #options: CurrentFileOptions;
  #failure: { readonly error: unknown; readonly millis: number } | undefined;

  constructor(options: CurrentFileOptions) {
    this.#options = options;
  }

  /** Whether there is one, and somebody has taken it from its place, so that nobody would find what is put in it. */
  isMissing(): boolean {
    return this.database !== undefined && !this.database.isInPlace(this.#options.directory);
  }

  /** @throws Error that says why none can be made; the same again for a second */
  open(): PayloadDatabase {
    if (this.database !== undefined) return this.database;
    const { directory, fileName, settings, now } = this.#options;
    const millis = now();
    if (this.#failure !== undefined && millis - this.#failure.millis < RETRY_MILLIS) throw this.#failure.error;
    try {
      directory.make();
      this.database = PayloadDatabase.create(directory, fileName, settings);
      this.#failure = undefined;
      return this.database;
    } catch (cause) {
      const error = fileOutboxError(`No outbox file can be made in ${directory.path}: ${reasonOf(cause)}`, cause);
      this.#failure = { error, millis };
      throw error;
    }
  }
}
