import type { AdoptionRequest } from '../outbox.ts';
import { isBusy } from './database-error.ts';
import { backendOf, headBytes, openOrphan, type OrphanContext, type OrphanFile } from './orphan-file.ts';
import type { FoundFile } from './outbox-directory.ts';
import type { PayloadHead } from './payload-row.ts';

/** Files that are tried to be locked in one search: those of living processes are there for good, however many. */
const MAX_LOCK_ATTEMPTS = 8;
/** A file that cannot be opened or replaced, because the disk is full, is tried again after it. */
const RETRY_MILLIS = 60_000;

/** A file that was looked at. Of one that was closed again, what is known of it spares it the next look. */
interface Candidate {
  readonly file: FoundFile;
  readonly oldestTakenAtMillis: number;
  readonly backends: ReadonlyMap<string, { payloads: number; bytes: number }>;
  /** Undefined while it is closed. */
  readonly orphan?: OrphanFile | undefined;
}

/** A file that was taken over, and the rows of it that were asked for. */
export interface TakenFile {
  readonly orphan: OrphanFile;
  readonly heads: readonly PayloadHead[];
  readonly isOwn: boolean;
}

export interface OrphanFilesOptions extends OrphanContext {
  /** Series of the outbox: of it, other files are what an outbox has left that this one stands in for. */
  readonly series: string;
  readonly now: () => number;
  readonly onProblem: (text: string, error: unknown) => void;
}

/** Finds the files in a directory whose owners have ended. */
export class OrphanFiles {
  readonly #options: OrphanFilesOptions;
  /** Files whose owners live; each waits for its turn until all have had theirs. */
  readonly #busy = new Set<string>();
  /** Files that were closed and left as they are. */
  readonly #known = new Map<string, Candidate>();
  /** Files that are of no use until a time, in milliseconds of the clock. */
  readonly #useless = new Map<string, number>();

  constructor(options: OrphanFilesOptions) {
    this.#options = options;
  }

  /**
   * Opens files that nobody has open, oldest first, while there is room for all that is accepted of each. Those of the outbox
   * that this one stands in for come first, whatever room there is: they had theirs before.
   * @param isHeld whether a file is open in this outbox
   */
  take(request: AdoptionRequest, isHeld: (path: string) => boolean): TakenFile[] {
    const { directory, series } = this.#options;
    if (!directory.exists()) return [];
    directory.check();
    const files = directory.list().filter(({ path }) => !isHeld(path));
    this.#forgetAllBut(new Set(files.map(({ path }) => path)));
    const own = files.filter((file) => file.series === series).flatMap((file) => this.#look(file));
    const others = this.#choose(files.filter((file) => file.series !== series)).flatMap((file) => this.#look(file));
    const taken = own.flatMap((candidate) => this.#open(candidate, request, true));
    return [...taken, ...this.#takeOldest(others, request, taken)];
  }

  #forgetAllBut(paths: ReadonlySet<string>): void {
    for (const memory of [this.#busy, this.#known, this.#useless]) {
      for (const path of memory.keys()) if (!paths.has(path)) memory.delete(path);
    }
  }

  #takeOldest(candidates: Candidate[], request: AdoptionRequest, own: readonly TakenFile[]): TakenFile[] {
    const taken: TakenFile[] = [];
    let { maxBytes, maxPayloads, isEmpty } = request;
    isEmpty &&= own.length === 0;
    let isFull = false;
    for (const candidate of candidates.toSorted((a, b) => a.oldestTakenAtMillis - b.oldestTakenAtMillis)) {
      const { payloads, bytes } = accepted(candidate, request);
      // One that is larger than the room is not overtaken by younger ones, or it might wait for ever.
      isFull ||= payloads > 0 && !isEmpty && (bytes > maxBytes || payloads > maxPayloads);
      const opened = payloads > 0 && !isFull ? this.#open(candidate, request, false) : [];
      if (opened.length === 0) this.#leave(candidate);
      else {
        taken.push(...opened);
        maxBytes -= bytes;
        maxPayloads -= payloads;
        isEmpty = false;
      }
    }
    return taken;
  }

  /** Those that are known cost nothing; of the others only some are tried at a time. */
  #choose(files: FoundFile[]): FoundFile[] {
    const now = this.#options.now();
    const useful = files.filter(({ path }) => (this.#useless.get(path) ?? -Infinity) <= now);
    const isKnown = (file: FoundFile): boolean => this.#recall(file) !== undefined;
    const unknown = useful.filter((file) => !isKnown(file));
    if (unknown.every(({ path }) => this.#busy.has(path))) this.#busy.clear();
    const tried = unknown.filter(({ path }) => !this.#busy.has(path)).slice(0, MAX_LOCK_ATTEMPTS);
    return [...useful.filter(isKnown), ...tried];
  }

  /** What is known of a file that nobody has touched since. */
  #recall({ path, ino, modifiedMillis, size }: FoundFile): Candidate | undefined {
    const known = this.#known.get(path);
    const isSame = known?.file.ino === ino && known.file.modifiedMillis === modifiedMillis && known.file.size === size;
    if (!isSame) this.#known.delete(path);
    return isSame ? known : undefined;
  }

  #look(file: FoundFile): Candidate[] {
    const known = this.#recall(file);
    if (known !== undefined) return [known];
    const orphan = this.#tryToOpen(file);
    return orphan === undefined ? [] : [candidateOf(file, orphan)];
  }

  #tryToOpen(file: FoundFile): OrphanFile | undefined {
    const { onProblem, now } = this.#options;
    try {
      const { orphan, problem, isForeign = false } = openOrphan(file, this.#options);
      if (problem !== undefined) onProblem(problem.text, problem.error);
      if (isForeign) this.#useless.set(file.path, Infinity);
      return orphan;
    } catch (error) {
      if (isBusy(error)) this.#busy.add(file.path);
      else if (this.#options.directory.holds(file.path, file)) {
        this.#useless.set(file.path, now() + RETRY_MILLIS);
        onProblem(`The outbox file ${file.path} cannot be taken over.`, error);
      }
      return undefined;
    }
  }

  /** The rows of a candidate that are asked for; nothing where there are none, or another process has it by now. */
  #open(candidate: Candidate, request: AdoptionRequest, isOwn: boolean): TakenFile[] {
    if (accepted(candidate, request).payloads === 0) {
      this.#leave(candidate);
      return [];
    }
    const orphan = candidate.orphan ?? this.#tryToOpen(candidate.file);
    this.#known.delete(candidate.file.path);
    if (orphan === undefined) return [];
    const heads = orphan.heads.filter((head) => request.accepts(backendOf(head)));
    if (heads.length > 0) return [{ orphan, heads, isOwn }];
    this.#leave(candidateOf(candidate.file, orphan));
    return [];
  }

  /** Closes a file, which is removed where it is empty, and keeps in mind what it was. */
  #leave({ orphan, ...known }: Candidate): void {
    if (orphan === undefined) return;
    const { directory, onProblem } = this.#options;
    const { path } = orphan.database;
    try {
      orphan.database.end(directory);
    } catch (error) {
      onProblem(`The outbox file ${path} cannot be closed.`, error);
    }
    const file = directory.find(path, known.file.series);
    if (file !== undefined) this.#known.set(path, { ...known, file });
  }
}

function candidateOf(file: FoundFile, orphan: OrphanFile): Candidate {
  const backends = new Map<string, { payloads: number; bytes: number }>();
  let oldestTakenAtMillis = Infinity;
  for (const head of orphan.heads) {
    const backend = backendOf(head);
    const { payloads, bytes } = backends.get(backend) ?? { payloads: 0, bytes: 0 };
    backends.set(backend, { payloads: payloads + 1, bytes: bytes + headBytes(head) });
    oldestTakenAtMillis = Math.min(oldestTakenAtMillis, head.taken_at_millis);
  }
  return { file, backends, oldestTakenAtMillis, orphan };
}

function accepted({ backends }: Candidate, { accepts }: AdoptionRequest): { payloads: number; bytes: number } {
  const sum = { payloads: 0, bytes: 0 };
  for (const [backend, { payloads, bytes }] of backends) {
    if (!accepts(backend)) continue;
    sum.payloads += payloads;
    sum.bytes += bytes;
  }
  return sum;
}
