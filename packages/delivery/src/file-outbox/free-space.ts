import type { DatabaseSync } from 'node:sqlite';

import { pragma } from './locked-database.ts';

const REMOVALS_PER_CHECK = 64;
const MIN_FREE_BYTES = 4 * 1024 * 1024;
const MIN_FREE_RATIO = 0.25;
const PAGES_PER_REMOVAL = 256;

/** Gives pages of a database back to the file system, some at a time, while much of the file is free. */
export class FreeSpace {
  readonly #database: DatabaseSync;
  #removals = 0;
  #isVacuuming = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** A row was removed. */
  onRemoved(): void {
    this.#removals += 1;
    if (this.#removals % REMOVALS_PER_CHECK === 0) this.#isVacuuming = this.#isLarge();
    if (this.#isVacuuming) this.#database.exec(`PRAGMA incremental_vacuum(${PAGES_PER_REMOVAL})`);
  }

  #isLarge(): boolean {
    const [free, all] = [pragma(this.#database, 'freelist_count'), pragma(this.#database, 'page_count')];
    return free * pragma(this.#database, 'page_size') > MIN_FREE_BYTES && free > all * MIN_FREE_RATIO;
  }
}
