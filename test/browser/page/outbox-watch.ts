import type { PageRecording } from './page-config.ts';

type OpenDatabase = (this: IDBFactory, ...args: readonly unknown[]) => IDBOpenDBRequest;
type LockCallback = (lock: Lock | null) => Promise<unknown> | undefined;
type RequestLock = (this: LockManager, name: string, options: LockOptions, callback: LockCallback) => Promise<unknown>;

/** Notes what the outbox of this page has of what it needs, from now on. Whoever has no locks, or no storage, has none of it. */
export function watchOutbox(recording: PageRecording): void {
  const factory = IDBFactory.prototype as unknown as { open: OpenDatabase };
  const { open } = factory;
  factory.open = function (...args): IDBOpenDBRequest {
    const request = open.call(this, ...args);
    request.addEventListener('success', () => (recording.hasDatabase = true));
    return request;
  };
  if (typeof LockManager !== 'function') return;
  const locks = LockManager.prototype as unknown as { request: RequestLock };
  const { request } = locks;
  locks.request = function (name, options, callback): Promise<unknown> {
    return request.call(this, name, options, (lock) => {
      const released = callback(lock);
      if (lock !== null) {
        recording.locksHeld += 1;
        void released?.then(() => (recording.locksHeld -= 1));
      }
      return released;
    });
  };
}
