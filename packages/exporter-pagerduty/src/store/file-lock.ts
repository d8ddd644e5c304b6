import { fateOf, ownIdentity, type ProcessIdentity } from './process-identity.ts';

const MAX_LOCK_BYTES = 4096;
/** Each attempt but the last removes a lock that nobody holds; another process may be quicker to make the next one. */
const MAX_ATTEMPTS = 3;

/**
 * A file that says which process may write another one. Node has no locks of the operating system, so that a lock can
 * outlive its process: one whose process is gone is taken over. Of one from another container or machine, or from before
 * a restart of this machine, nobody can say: it is taken over once, by whoever comes later, and the process that had it finds
 * out at its next save. That is what a restarted container needs, whose pids begin anew.
 */
export class FileLock {
  readonly #path: string;
  readonly #fs = process.getBuiltinModule('node:fs');
  readonly #onExit = (): void => this.release();
  /** What our lock says, once it was taken. */
  #text: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Takes the lock, or makes sure that it is still ours.
   * @throws Error that says which process has it, or why it cannot be written
   */
  take(): void {
    if (this.#text !== undefined && this.#read() === this.#text) return;
    this.#makeDirectory();
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (this.#create()) return;
      this.#removeStale();
    }
    throw new Error(`${this.#path} is taken by other processes again and again`);
  }

  /** Lets others have the lock. Never throws. */
  release(): void {
    if (this.#text === undefined) return;
    process.removeListener('exit', this.#onExit);
    try {
      if (this.#read() === this.#text) this.#fs.unlinkSync(this.#path);
    } catch {
      // It stays behind, and is taken over once this process is gone.
    }
    this.#text = undefined;
  }

  #makeDirectory(): void {
    const directory = process.getBuiltinModule('node:path').dirname(this.#path);
    this.#fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** Answers whether there was no lock. */
  #create(): boolean {
    const { O_CREAT, O_EXCL, O_WRONLY } = this.#fs.constants;
    let file: number;
    try {
      file = this.#fs.openSync(this.#path, O_CREAT | O_EXCL | O_WRONLY, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    const text = JSON.stringify({ ...ownIdentity(), holder: globalThis.crypto.randomUUID() });
    try {
      this.#fs.writeFileSync(file, text);
    } catch (error) {
      this.#fs.rmSync(this.#path, { force: true });
      throw error;
    } finally {
      this.#fs.closeSync(file);
    }
    if (this.#text === undefined) process.on('exit', this.#onExit);
    this.#text = text;
    return true;
  }

  /** Two processes may do this at once, and the slower remove the lock of the quicker, which finds out when it looks next. */
  #removeStale(): void {
    const holder = readHolder(this.#read());
    const fate = holder === undefined ? 'unknown' : fateOf(holder);
    // What was taken from us is not taken back, or two containers would take it from each other for ever.
    if (holder !== undefined && (fate === 'alive' || (fate === 'unknown' && this.#text !== undefined))) {
      throw new Error(`${describe(holder, fate)} (${this.#path})`);
    }
    this.#fs.rmSync(this.#path, { force: true });
  }

  #read(): string | undefined {
    // Windows has but the first of them; the others count as 0 there. Opening a pipe would wait without the last.
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = this.#fs.constants;
    let file: number | undefined;
    try {
      file = this.#fs.openSync(this.#path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      const bytes = new Uint8Array(MAX_LOCK_BYTES);
      return new TextDecoder().decode(bytes.subarray(0, this.#fs.readSync(file, bytes)));
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) this.#fs.closeSync(file);
    }
  }
}

function describe({ pid }: ProcessIdentity, fate: string): string {
  if (fate === 'unknown') return `process ${pid} of another container or machine has taken it over`;
  return pid === process.pid ? 'another store of this process has it' : `process ${pid} has it`;
}

/** Undefined of what no process has written as a whole. */
function readHolder(text: string | undefined): ProcessIdentity | undefined {
  try {
    const { pid, start, place } = JSON.parse(text ?? '') as Partial<Record<keyof ProcessIdentity, unknown>>;
    if (!Number.isSafeInteger(pid) || (pid as number) < 1 || typeof place !== 'string') return undefined;
    return { pid: pid as number, start: typeof start === 'string' ? start : undefined, place };
  } catch {
    return undefined;
  }
}
