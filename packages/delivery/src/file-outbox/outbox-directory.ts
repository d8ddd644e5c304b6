import type { BigIntStats } from 'node:fs';

import { fileOutboxError } from './database-error.ts';
import { newFileName, seriesOf } from './outbox-file-name.ts';

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
const WRITABLE_BY_OTHERS = 0o022;
const ROOT = 0;
/** What SQLite writes beside a database. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/** Which file is meant, whatever its name is by now. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** What is at a path, and is no symbolic link. */
export interface FoundFile extends FileIdentity {
  readonly path: string;
  readonly series: string;
  readonly modifiedMillis: number;
  readonly size: number;
}

/** The directory of an outbox, and its files as files. Everything in it is safe only while nobody else may write to it. */
export class OutboxDirectory {
  readonly path: string;
  readonly #fs = process.getBuiltinModule('node:fs');
  readonly #paths = process.getBuiltinModule('node:path');
  /** Undefined on Windows, where neither modes nor owners say anything. */
  readonly #user = process.geteuid?.();
  /** Names are not used again: SQLite would remove the `-wal` of the new file when it closes the old one. */
  readonly #created = new Set<string>();

  constructor(path: string) {
    this.path = path;
  }

  /** Makes the directory where it is missing. @throws where it is not ours alone */
  make(): void {
    this.#makeDirectory(this.path);
    this.check();
  }

  /**
   * Throws where another user could put files in it, or in the place of ours. One of root is as good as ours, who can do that
   * anywhere; one of another user is not, even if we are root.
   */
  check(): void {
    const stats = this.#stat(this.path);
    const fault = stats === undefined ? 'is missing' : this.#faultOf(stats);
    if (fault !== undefined) throw fileOutboxError(`The outbox directory ${this.path} ${fault}.`);
  }

  exists(): boolean {
    return this.#stat(this.path) !== undefined;
  }

  /** Makes an empty file, under this name where it is free, else under a new one of its series. Answers its path. */
  create(fileName: string): string {
    const { O_CREAT, O_EXCL, O_RDWR, O_NOFOLLOW } = this.#fs.constants;
    for (let name = fileName; ; name = newFileName(seriesOf(fileName) as string)) {
      if (this.#created.has(name)) continue;
      this.#created.add(name);
      const path = this.#paths.join(this.path, name);
      try {
        // Windows has no O_NOFOLLOW, which counts as 0 there.
        const file = this.#fs.openSync(path, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, FILE_MODE);
        try {
          // The umask may have taken what we need.
          this.#fs.fchmodSync(file, FILE_MODE);
        } finally {
          // Before SQLite opens it: a file that is closed later would take the locks of the process with it.
          this.#fs.closeSync(file);
        }
        return path;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  /** Files of outboxes that are ours, whoever has them open; the one that was written to least recently first. */
  list(): FoundFile[] {
    const found = this.#fs.readdirSync(this.path).flatMap((name) => {
      const series = seriesOf(name);
      const file = series === undefined ? undefined : this.find(this.#paths.join(this.path, name), series);
      return file === undefined ? [] : [file];
    });
    return found.toSorted((a, b) => a.modifiedMillis - b.modifiedMillis);
  }

  /** Undefined where there is nothing, or what is no file, or none of ours. */
  find(path: string, series: string): FoundFile | undefined {
    const stats = this.#stat(path);
    if (stats === undefined || !stats.isFile()) return undefined;
    if (this.#user !== undefined && Number(stats.uid) !== this.#user) return undefined;
    const { dev, ino, mtimeMs, size } = stats;
    return { path, series, dev, ino, modifiedMillis: Number(mtimeMs), size: Number(size) };
  }

  /** Whether the file still is where it was. */
  holds(path: string, { dev, ino }: FileIdentity): boolean {
    const stats = this.#stat(path);
    return stats !== undefined && stats.ino === ino && stats.dev === dev;
  }

  /** Size of a file in bytes; 0 where there is none. */
  sizeOf(path: string): number {
    return Number(this.#stat(path)?.size ?? 0);
  }

  /** Which file is at a path. */
  identityOf(path: string): FileIdentity | undefined {
    return this.#stat(path);
  }

  /** Removes a database. The caller has its lock, or has made it. */
  remove(path: string): void {
    // The database first: without its `-wal` it would have rows again that were removed.
    this.#fs.rmSync(path, { force: true });
    this.removeCompanions(path);
  }

  removeCompanions(path: string): void {
    for (const suffix of COMPANIONS) this.#fs.rmSync(path + suffix, { force: true });
  }

  /** Keeps a database that is damaged under another name, which is answered, and which no outbox looks at. */
  setAside(path: string): string {
    const aside = `${path}.damaged-${Date.now()}`;
    this.#fs.renameSync(path, aside);
    for (const suffix of COMPANIONS) {
      if (this.#stat(path + suffix) !== undefined) this.#fs.renameSync(path + suffix, aside + suffix);
    }
    return aside;
  }

  #makeDirectory(path: string): void {
    if (this.#stat(path) !== undefined) return;
    const parent = this.#paths.dirname(path);
    if (parent !== path) this.#makeDirectory(parent);
    try {
      this.#fs.mkdirSync(path, { mode: DIRECTORY_MODE });
      this.#fs.chmodSync(path, DIRECTORY_MODE);
    } catch (error) {
      // Another process was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }

  #faultOf(stats: BigIntStats): string | undefined {
    if (stats.isSymbolicLink()) return 'is a symbolic link, and none is followed';
    if (!stats.isDirectory()) return 'is no directory';
    if (this.#user === undefined) return undefined;
    const owner = Number(stats.uid);
    if (owner !== this.#user && owner !== ROOT) return `belongs to another user (${owner})`;
    return (Number(stats.mode) & WRITABLE_BY_OTHERS) === 0 ? undefined : 'can be written to by other users';
  }

  /** By path and without opening: closing a file would release the locks that SQLite holds on it in this process. */
  #stat(path: string): BigIntStats | undefined {
    return this.#fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
  }
}
