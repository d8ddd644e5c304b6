/** What a client that does not read leaves in the event loop: a write that does not end, whatever was unref'd. */
const PENDING_WRITE = /WriteWrap$/;
/** Standard output and error, which are named though they keep nothing running. */
const STANDARD_STREAM = /^(?:Pipe|TTY)Wrap$/;
const STANDARD_STREAMS = 2;

/** Whether nothing but pending writes keeps the process running, as far as can be told. */
export function isProcessIdle(): boolean {
  // A parent process may have more to say, and hands connections to a worker of a cluster.
  if (process.connected) return false;
  const others = process.getActiveResourcesInfo().filter((name) => !PENDING_WRITE.test(name));
  return others.length <= STANDARD_STREAMS && others.every((name) => STANDARD_STREAM.test(name));
}
