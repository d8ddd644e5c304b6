import {
  checkBoolean,
  checkFields,
  checkInteger,
  checkOneOf,
  checkOptions,
  checkString,
  optionMessage,
} from '@spillway/core';

export interface FileOutboxOptions {
  /**
   * Where the files are; a relative path counts from the working directory at construction. Directories that are missing are
   * made, for nobody but the user of the process. Processes may share one: each has files of its own, and takes over those of
   * processes that have ended. One that is a symbolic link, that others may write to, or that belongs to a user other than that
   * of the process or root is refused. Put it where a restart finds it: in a container that is a directory below the mount of a
   * volume, because the mount itself often is for everybody.
   */
  readonly directory: string;
  /**
   * Bytes of payloads that it may hold, those that it has taken over included. The file of a process takes up to 1.6 times as
   * much on disk, because space comes in pages.
   * @defaultValue 536870912 (512 MiB: some ten million records); at least 1048576
   */
  readonly maxBytes?: number;
  /**
   * What a payload outlives once it was put.
   * - `process`: the end of the process, however sudden.
   * - `os`: a crash of the machine and a power failure too. Each put and each removal waits for the disk.
   * @defaultValue 'process': processes end far more often than machines do
   */
  readonly durability?: 'process' | 'os';
  /**
   * Time that a payload may wait, in milliseconds, from 1.
   * @defaultValue 518400000 (six days: Loki refuses lines after seven)
   */
  readonly maxAgeMillis?: number;
  /**
   * Whether the thread that logs compresses, writes and sends. It then waits for each write: 0.1 ms for a payload of 15 KB,
   * 0.3 ms with the durability `os`, and longer while something else keeps the disk busy.
   * @defaultValue false: a worker does
   */
  readonly inline?: boolean;
}

/** The options as they hold, with defaults. */
export interface ResolvedFileOutboxOptions extends Required<FileOutboxOptions> {}

const PAGE_BYTES = 4096;
/** A payload of 2 KiB leaves the other half of its page free; what is larger or smaller wastes less. */
const FILE_BYTES_PER_BYTE = 1.6;
/** For what is in a file that is empty, and a payload that is larger than the bound. */
const SPARE_FILE_BYTES = 4 * 1024 * 1024;

const OPTIONS: readonly (keyof FileOutboxOptions)[] = ['directory', 'maxBytes', 'durability', 'maxAgeMillis', 'inline'];
const DURABILITIES = ['process', 'os'] as const;
const MIN_BYTES = 1024 * 1024;
const DEFAULT_MAX_BYTES = 512 * 1024 * 1024;
const DEFAULT_MAX_AGE_MILLIS = 6 * 24 * 60 * 60 * 1000;

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveFileOutboxOptions(options: FileOutboxOptions): ResolvedFileOutboxOptions {
  checkOptions(options);
  checkFields('', options, OPTIONS);
  return {
    directory: checkDirectory(options.directory),
    maxBytes: checkInteger('maxBytes', options.maxBytes ?? DEFAULT_MAX_BYTES, { min: MIN_BYTES }),
    durability: checkOneOf('durability', options.durability ?? 'process', DURABILITIES),
    maxAgeMillis: checkInteger('maxAgeMillis', options.maxAgeMillis ?? DEFAULT_MAX_AGE_MILLIS, { min: 1 }),
    inline: checkBoolean('inline', options.inline ?? false),
  };
}

function checkDirectory(value: unknown): string {
  const path = checkString('directory', value);
  if (path.includes('\0')) throw new RangeError(optionMessage('directory', 'a path without NUL characters', path));
  return process.getBuiltinModule('node:path').resolve(path);
}

/** Pages that a file may have, so that it has room for so many bytes of payloads however they are cut. */
export function maxPagesFor(maxBytes: number): number {
  return Math.ceil((maxBytes * FILE_BYTES_PER_BYTE + SPARE_FILE_BYTES) / PAGE_BYTES);
}
