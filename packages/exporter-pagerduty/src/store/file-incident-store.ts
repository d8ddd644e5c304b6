import { checkFields, checkOneOf, checkOptions, checkString, optionMessage } from '@spillway/core';

import { checkStoredState } from './check-stored-state.ts';
import { FileLock } from './file-lock.ts';
import { IncidentStoreError } from './incident-store-error.ts';
import type { IncidentStore, StoredState } from './incident-store.ts';
import { MAX_FILE_BYTES, StateFile } from './state-file.ts';

export interface FileIncidentStoreOptions {
  /**
   * The file, of this process alone; a relative path counts from the working directory at construction. Directories that are
   * missing are made, for nobody but the user of the process. `<path>.lock`, `<path>.damaged-<time>` and
   * `<path>.<pid>-<number>.tmp` are used too. Put it where a restart finds it: in a container that is a volume. Replicas need
   * a file each.
   */
  readonly path: string;
  /**
   * What a save outlives.
   * - `process`: the end of the process, however sudden. A page waits about a millisecond for it.
   * - `os`: a crash of the machine and a power failure too. A page waits for the disk, and so does the application, for
   *   milliseconds, or longer on a busy disk.
   * @defaultValue 'process': processes end far more often than machines do
   */
  readonly durability?: 'process' | 'os';
}

const OPTIONS: readonly (keyof FileIncidentStoreOptions)[] = ['path', 'durability'];
const DURABILITIES = ['process', 'os'] as const;

/**
 * Keeps incidents in a file, which only the user of the process can read. It is synchronous: a page is on disk before it is
 * sent. A save replaces the file as a whole or not at all.
 *
 * One process at a time has it. While another one does, as in a rolling restart, `load` and `save` throw and say which, and the
 * exporter goes on without; it asks again. The file is free once that process has closed the store or ended, however it ended.
 * A process in another container cannot be looked at: there the one that comes later has it, and the saves of the one
 * before throw.
 *
 * A file that is damaged, or no state at all, is set aside as `<path>.damaged-<time>`, of which five are kept; `load` throws,
 * once, and the store goes on with nothing.
 *
 * @throws TypeError or RangeError naming the option that is wrong. What is wrong with the file shows when it is used, as an
 * {@link IncidentStoreError}, which the exporter logs.
 */
export function fileIncidentStore(options: FileIncidentStoreOptions): FileIncidentStore {
  checkOptions(options);
  checkFields('', options, OPTIONS);
  const { durability = 'process' } = options;
  checkOneOf('durability', durability, DURABILITIES);
  return new FileIncidentStore(checkPath(options.path), durability === 'os');
}

function checkPath(value: unknown): string {
  const path = checkString('path', value);
  if (path.includes('\0')) throw new RangeError(optionMessage('path', 'a path without NUL characters', path));
  return process.getBuiltinModule('node:path').resolve(path);
}

/** What {@link fileIncidentStore} makes. */
export class FileIncidentStore implements IncidentStore {
  readonly #path: string;
  readonly #lock: FileLock;
  readonly #file: StateFile;
  /** Whether all that a save would replace is known to the exporter. */
  #isLoaded = false;

  constructor(path: string, isSynced: boolean) {
    this.#path = path;
    this.#lock = new FileLock(`${path}.lock`);
    this.#file = new StateFile(path, isSynced);
  }

  load(): StoredState | undefined {
    return this.#attempt('loaded', () => {
      this.#lock.take();
      this.#file.removeLeftovers();
      const state = this.#read();
      this.#isLoaded = true;
      return state;
    });
  }

  save(state: StoredState): void {
    this.#attempt('saved', () => {
      this.#lock.take();
      // A process that had the file when we could not load it may have left pages in it that were never delivered.
      if (!this.#isLoaded && this.#file.exists()) throw new Error('what is in it has to be loaded first');
      this.#file.replace(textOf(state));
      this.#isLoaded = true;
    });
  }

  /** A load opens it again. */
  close(): void {
    this.#lock.release();
    this.#isLoaded = false;
  }

  /** As it is in the file, where it is a state: incidents are checked one by one by the exporter, whatever the store. */
  #read(): StoredState | undefined {
    const content = this.#file.read();
    if (content === undefined) return undefined;
    const { value, damage } = 'damage' in content ? { ...content, value: undefined } : parseState(content.text);
    if (damage === undefined) return value as StoredState;
    const aside = this.#file.setAside(Date.now());
    throw new Error(`${damage}; it was set aside as ${aside}`);
  }

  #attempt<T>(what: 'loaded' | 'saved', work: () => T): T {
    try {
      return work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new IncidentStoreError(`The incident store ${this.#path} cannot be ${what}: ${reason}`, { cause: error });
    }
  }
}

/** The page is worth more than what illustrates it. */
function textOf(state: StoredState): string {
  const text = JSON.stringify(state, bytesAsText) as string | undefined;
  if (text === undefined) throw new TypeError('there is no state to be saved');
  if (Buffer.byteLength(text) <= MAX_FILE_BYTES) return text;
  return JSON.stringify({ ...state, incidents: state.incidents.map((incident) => ({ ...incident, samples: [] })) });
}

function parseState(text: string): { value: unknown; damage?: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The error would quote the file, which holds texts of records.
    return { value, damage: 'it is not JSON' };
  }
  const { state, problem = 'it holds nothing' } = checkStoredState(value);
  return state === undefined ? { value, damage: problem } : { value };
}

/** As JSON would have them, bytes take eight characters each. */
function bytesAsText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
