import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that runs as its user would start it. What it prints is printed here too. */
export interface App {
  /** The first address that it prints; undefined where it ends without one. */
  readonly address: Promise<string | undefined>;
  /** Its exit code; 1 where a signal has ended it. */
  readonly ended: Promise<number>;
  /** Asks it to end, as a container is asked. */
  stop(): void;
}

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+[^\s"]*/;

/** Starts `node` with these arguments. It does not outlive this process. */
export function startApp(args: readonly string[], environment: Readonly<Record<string, string>> = {}): App {
  const child = spawn(process.execPath, [...process.execArgv, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const stop = (): void => void child.kill('SIGTERM');
  process.on('exit', () => child.kill('SIGKILL'));
  process.on('SIGTERM', stop);
  // Ctrl-C reaches the program too, and its end ends what waits for it.
  process.on('SIGINT', () => undefined);

  const ended = once(child, 'close').then(([code]) => (code as number | null) ?? 1);
  const address = new Promise<string | undefined>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      console.log(line);
      const [found] = ADDRESS.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => resolve(undefined));
  });
  return { address, ended, stop };
}
