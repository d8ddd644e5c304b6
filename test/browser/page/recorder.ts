import { watchOutbox } from './outbox-watch.ts';
import type { PageRecording } from './page-config.ts';

/** Where a page leaves what it recorded for those that come after it, in `localStorage`. */
const LAST_RECORDING = 'last-recording';
const ENDS: ReadonlySet<string> = new Set(['visibilitychange', 'pagehide', 'freeze']);

type ListenerMethod = (
  this: EventTarget,
  type: string,
  listener: EventListenerOrEventListenerObject | null,
  options?: boolean | AddEventListenerOptions,
) => void;

interface ListenerMethods {
  readonly addEventListener: ListenerMethod;
  readonly removeEventListener: ListenerMethod;
}

/** Watches what this page does from now on: it must be the first script of the page. */
export function startRecording(): PageRecording {
  const recording: PageRecording = {
    requests: [],
    events: [],
    listenedTo: [],
    listenerMillis: [],
    keepaliveBytesAtMost: 0,
    hasDatabase: false,
    locksHeld: 0,
    violations: [],
  };
  const running: string[] = [];
  const note = (event: Event): number => recording.events.push(nameOf(event));
  for (const type of ['visibilitychange', 'freeze', 'resume']) document.addEventListener(type, note, true);
  for (const type of ['pagehide', 'pageshow']) globalThis.addEventListener(type, note, true);
  globalThis.addEventListener('online', () => (recording.onlineMillis = performance.now()), true);
  document.addEventListener('securitypolicyviolation', ({ blockedURI }) => recording.violations.push(blockedURI));
  watchListeners(recording, running);
  watchRequests(recording, running);
  watchOutbox(recording);
  return recording;
}

function nameOf(event: Event): string {
  if (event instanceof PageTransitionEvent) return `${event.type} ${event.persisted ? 'persisted' : 'fresh'}`;
  return event.type === 'visibilitychange' ? document.visibilityState : event.type;
}

/** Listeners of the page's end are timed, and known to run while they do. */
function watchListeners(recording: PageRecording, running: string[]): void {
  const wrapped = new WeakMap<object, EventListener>();
  const prototype = EventTarget.prototype as ListenerMethods;
  const addEventListener: ListenerMethod = prototype.addEventListener;
  const removeEventListener: ListenerMethod = prototype.removeEventListener;
  EventTarget.prototype.addEventListener = function (type, listener, options): void {
    // Called without a target it is the window's.
    const target = (this as EventTarget | undefined) ?? globalThis;
    if (target === globalThis || target === document) recording.listenedTo.push(type);
    const timed = ENDS.has(type) && typeof listener === 'function' ? timedListener(listener) : listener;
    addEventListener.call(target, type, timed, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options): void {
    const target = (this as EventTarget | undefined) ?? globalThis;
    removeEventListener.call(target, type, (listener !== null && wrapped.get(listener)) || listener, options);
  };
  const timedListener = (listener: EventListener): EventListener => {
    const known = wrapped.get(listener);
    if (known !== undefined) return known;
    const timed = (event: Event): void => {
      const startedAt = performance.now();
      running.push(nameOf(event));
      try {
        listener(event);
      } finally {
        running.pop();
        recording.listenerMillis.push([nameOf(event), performance.now() - startedAt]);
        leaveBehind(recording);
      }
    };
    wrapped.set(listener, timed);
    return timed;
  };
}

function leaveBehind(recording: PageRecording): void {
  try {
    localStorage.setItem(LAST_RECORDING, JSON.stringify(recording));
  } catch {
    // A page without storage leaves nothing behind.
  }
}

function watchRequests(recording: PageRecording, running: readonly string[]): void {
  let keepaliveBytes = 0;
  const originalFetch = globalThis.fetch;
  const begin = (bytes: number): void => {
    keepaliveBytes += bytes;
    recording.keepaliveBytesAtMost = Math.max(recording.keepaliveBytesAtMost, keepaliveBytes);
  };
  globalThis.fetch = (input, init = {}) => {
    const isKeepalive = init.keepalive === true;
    const bytes = sizeOf(init.body);
    const url = input instanceof Request ? input.url : String(input);
    recording.requests.push({
      url,
      bytes,
      isKeepalive,
      isBeacon: false,
      millis: performance.now(),
      within: running.at(-1),
    });
    const answer = originalFetch(input, init);
    if (!isKeepalive) return answer;
    begin(bytes);
    const end = (): void => {
      keepaliveBytes -= bytes;
    };
    answer.then(end, end);
    return answer;
  };
  const sendBeacon = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (url, body) => {
    const bytes = sizeOf(body);
    const millis = performance.now();
    recording.requests.push({
      url: String(url),
      bytes,
      isKeepalive: true,
      isBeacon: true,
      millis,
      within: running.at(-1),
    });
    return sendBeacon(url, body);
  };
}

function sizeOf(body: BodyInit | null | undefined): number {
  if (body === null || body === undefined) return 0;
  if (typeof body === 'string') return new TextEncoder().encode(body).byteLength;
  if (body instanceof Blob) return body.size;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body.byteLength;
  throw new Error('A body of this kind has no known size.');
}
