import { isPidInUse } from './process-identity.ts';

/** Above it a state is saved without samples of records, which are most of it; a file that is larger is none of ours. */
export const MAX_FILE_BYTES: number = 8 * 1024 * 1024;
const MAX_DAMAGED_FILES = 5;

const DAMAGED_SUFFIX = /^\.damaged-(\d{1,15})$/;
const TEMPORARY_SUFFIX = /^\.(\d{1,10})-\d+\.tmp$/;

/** What is at the path: a text, or why there is none. */
export type FileContent = { readonly text: string } | { readonly damage: string };

/** One file that is read and replaced as a whole, and the files beside it that come of that. All is synchronous. */
export class StateFile {
  readonly #path: string;
  readonly #isSynced: boolean;
  readonly #fs = process.getBuiltinModule('node:fs');
  readonly #paths = process.getBuiltinModule('node:path');
  #writes = 0;

  /** @param isSynced whether what is written outlives the operating system too */
  constructor(path: string, isSynced: boolean) {
    this.#path = path;
    this.#isSynced = isSynced;
  }

  exists(): boolean {
    return this.#fs.lstatSync(this.#path, { throwIfNoEntry: false }) !== undefined;
  }

  /** Undefined where there is no file. Throws where it cannot be read, which says nothing against it. */
  read(): FileContent | undefined {
    // Windows has but the first of them; the others count as 0 there. Opening a pipe would wait without the last.
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = this.#fs.constants;
    let file: number;
    try {
      file = this.#fs.openSync(this.#path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      if (code === 'ELOOP') return { damage: 'it is a symbolic link, and none is followed' };
      throw error;
    }
    try {
      const stats = this.#fs.fstatSync(file);
      if (!stats.isFile()) throw new Error('it is no file');
      if (stats.size > MAX_FILE_BYTES) return { damage: `it is larger than ${MAX_FILE_BYTES} bytes` };
      return { text: this.#fs.readFileSync(file, 'utf8') };
    } finally {
      this.#fs.closeSync(file);
    }
  }

  /** Puts a text in place of what is there, as a whole or not at all. */
  replace(text: string): void {
    const bytes = new TextEncoder().encode(text);
    if (bytes.byteLength > MAX_FILE_BYTES) throw new Error(`the state is larger than ${MAX_FILE_BYTES} bytes`);
    this.#writes += 1;
    const temporary = `${this.#path}.${process.pid}-${this.#writes}.tmp`;
    const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = this.#fs.constants;
    const file = this.#fs.openSync(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
    try {
      this.#write(file, bytes);
      this.#fs.renameSync(temporary, this.#path);
    } catch (error) {
      this.#tryToRemove(temporary);
      throw error;
    }
    if (this.#isSynced) this.#syncDirectory();
  }

  /** Keeps what is at the path under another name, which is answered, and removes the oldest of those above the bound. */
  setAside(nowMillis: number): string {
    const earlier = this.#beside(DAMAGED_SUFFIX).toSorted((a, b) => a.number - b.number);
    const millis = Math.max(nowMillis, (earlier.at(-1)?.number ?? 0) + 1);
    const aside = `${this.#path}.damaged-${millis}`;
    this.#fs.renameSync(this.#path, aside);
    const excess = Math.max(0, earlier.length + 1 - MAX_DAMAGED_FILES);
    for (const { path } of earlier.slice(0, excess)) this.#tryToRemove(path);
    return aside;
  }

  /** Removes what processes have begun to write, and were killed before the end. Whoever calls it has the lock. */
  removeLeftovers(): void {
    for (const { path, number: pid } of this.#beside(TEMPORARY_SUFFIX)) {
      // One with our own pid is of a process before us that had the same: in a container that is the rule.
      if (pid === process.pid || !isPidInUse(pid)) this.#tryToRemove(path);
    }
  }

  #write(file: number, bytes: Uint8Array): void {
    try {
      this.#fs.writeFileSync(file, bytes);
      if (this.#isSynced) this.#fs.fsyncSync(file);
    } finally {
      this.#fs.closeSync(file);
    }
  }

  /** The new name of the file is in the directory, which is written by itself. */
  #syncDirectory(): void {
    // Windows writes it with the file, and lets nobody open it.
    if (process.platform === 'win32') return;
    const directory = this.#fs.openSync(this.#paths.dirname(this.#path), this.#fs.constants.O_RDONLY);
    try {
      this.#fs.fsyncSync(directory);
    } finally {
      this.#fs.closeSync(directory);
    }
  }

  /** Files whose names are that of ours and such a suffix, each with the number in it. */
  #beside(suffix: RegExp): { path: string; number: number }[] {
    const directory = this.#paths.dirname(this.#path);
    const own = this.#paths.basename(this.#path);
    return this.#fs.readdirSync(directory).flatMap((name) => {
      const match = name.startsWith(own) ? suffix.exec(name.slice(own.length)) : null;
      return match === null ? [] : [{ path: this.#paths.join(directory, name), number: Number(match[1]) }];
    });
  }

  #tryToRemove(path: string): void {
    try {
      this.#fs.unlinkSync(path);
    } catch {
      // It is in nobody's way.
    }
  }
}
