/**
 * Calls back once the code that runs now and all microtasks are over, before timers of the same time, and answers how
 * to cancel that.
 *
 * The immediate is not unref'd: Node may sit in its poll phase until something else happens while only unref'd ones
 * wait (2 s in a trial with Node 24), and one turn of the loop keeps no process alive.
 */
export function startMacrotask(callback: () => void): () => void {
  if (typeof globalThis.setImmediate === 'function') {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }
  if (typeof MessageChannel !== 'function') {
    const timer = setTimeout(callback, 0);
    return () => clearTimeout(timer);
  }
  // Browsers delay nested timers to 4 ms, and to 1 s in a hidden tab; a message is neither.
  const { port1, port2 } = new MessageChannel();
  const close = (): void => port1.close();
  port1.addEventListener('message', () => {
    close();
    callback();
  });
  port1.start();
  port2.postMessage(null);
  return close;
}
