/** What is written down of a process, so that others can tell later whether it still lives. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in ticks since the machine was: a later process can get the same pid. Undefined where that is not known. */
  readonly start?: string | undefined;
  /** Where the pid means this process: one run of one machine, and there one container. */
  readonly place: string;
}

/** Of `unknown` the process is in another container or on another machine, or was before this machine was started. */
export type ProcessFate = 'alive' | 'gone' | 'unknown';

interface ProcessStatus {
  readonly isDead: boolean;
  readonly start: string | undefined;
}

/** Fields of /proc/<pid>/stat, counted from what follows the name. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (read 2026-11-28) */
const STATE_FIELD = 0;
const START_FIELD = 19;
/** Ended, and waiting for its parent to ask how: in a container whose first process does not ask, for ever. */
const DEAD_STATES: ReadonlySet<string | undefined> = new Set(['Z', 'X']);

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, start: statusOf(process.pid)?.start, place: ownPlace() };
}

export function fateOf({ pid, start, place }: ProcessIdentity): ProcessFate {
  if (place !== ownPlace()) return 'unknown';
  if (!isPidInUse(pid)) return 'gone';
  const status = statusOf(pid);
  // Without /proc, or where it hides the processes of others, the pid is all there is.
  if (status === undefined) return 'alive';
  return status.isDead || (start !== undefined && start !== status.start) ? 'gone' : 'alive';
}

export function isPidInUse(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user may not be signalled, but is there.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function ownPlace(): string {
  const { readFileSync, readlinkSync } = process.getBuiltinModule('node:fs');
  const boot = tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pids = tryRead(() => readlinkSync('/proc/self/ns/pid'));
  return boot !== undefined && pids !== undefined ? `${boot} ${pids}` : process.getBuiltinModule('node:os').hostname();
}

function statusOf(pid: number): ProcessStatus | undefined {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return undefined;
  // The name stands in brackets, and may hold brackets and blanks itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { isDead: DEAD_STATES.has(fields[STATE_FIELD]), start: fields[START_FIELD] };
}

function tryRead(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
