/** A listener of the process, whatever its event passes. */
export type HostListener = (...args: never[]) => unknown;

/** What of Node's `process` is used here. */
export interface HostProcess {
  readonly pid: number;
  kill(pid: number, signal: string): unknown;
  on(event: string, listener: HostListener): unknown;
  prependListener(event: string, listener: HostListener): unknown;
  off(event: string, listener: HostListener): unknown;
  listeners(event: string): readonly unknown[];
  listenerCount(event: string): number;
  /** Not there in every runtime that has a `process`. */
  hasUncaughtExceptionCaptureCallback?(): boolean;
}

/**
 * Marks listeners of this module, in every copy of it that a process has loaded: for each other they are not the
 * application. What the mark holds is a contract between versions.
 */
const MARK = Symbol.for('@spillway/delivery flushOnCrash');

/** What the marks of all listeners of one `flushOnCrash` share. */
export interface Member {
  /** `flushed`: has done its part, and waits for the others to end the process. */
  phase: 'idle' | 'flushing' | 'flushed';
  /** The last signal that it has flushed for. */
  signal: string;
  /** Whether that one ends the process, or is left to the application. */
  isLeft: boolean;
}

type MarkedListener = HostListener & { [MARK]?: Member };

/** Answers the listener, marked as one of this member. */
export function markListener(listener: HostListener, member: Member): HostListener {
  return Object.assign(listener, { [MARK]: member });
}

/** The member that a listener belongs to; undefined for one of the application. */
export function memberOf(listener: unknown): Member | undefined {
  return (listener as MarkedListener)[MARK];
}

/** The listeners of all members to an event. */
export function ownListeners(host: HostProcess, event: string): readonly HostListener[] {
  return host.listeners(event).filter((listener): listener is HostListener => memberOf(listener) !== undefined);
}

/** Those who listen to an event, each once. */
export function members(host: HostProcess, event: string): ReadonlySet<Member> {
  return new Set(
    host
      .listeners(event)
      .map(memberOf)
      .filter((member) => member !== undefined),
  );
}

/** How many listeners of the application an event has. */
export function otherListenerCount(host: HostProcess, event: string): number {
  return host.listenerCount(event) - ownListeners(host, event).length;
}
