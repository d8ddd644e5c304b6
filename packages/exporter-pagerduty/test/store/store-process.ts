import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** The id of a process that has ended. */
export async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid as number;
}

/** A process that runs a program with a store. */
export interface StoreProcess {
  readonly pid: number;
  /** The next line that it says; undefined at its end. */
  line(): Promise<string | undefined>;
  /** Tells it to go on, for a program that waits for `told`. */
  tell(): void;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Waits for it to end by itself. */
  end(): Promise<void>;
}

/**
 * Runs a program in a process of its own. It has a `store` at the path, not loaded yet, a `state` without incidents, `say` for
 * a line to the test, and `told`, a promise.
 *
 * @param wrapper a command that runs the command which follows it
 */
export function startProgram(path: string, body: string, wrapper: readonly string[] = []): StoreProcess {
  const program = `
    import { fileIncidentStore } from '@spillway/exporter-pagerduty';
    import { writeSync } from 'node:fs';
    const say = (text) => writeSync(1, text + '\\n');
    const told = new Promise((resolve) => process.stdin.once('data', () => resolve(process.stdin.destroy())));
    const state = { schema: 1, instanceId: 'replica-1', incidents: [] };
    const store = fileIncidentStore({ path: ${JSON.stringify(path)} });
    ${body}`;
  const command = [...wrapper, process.execPath, '--conditions=dev', '--input-type=module', '--eval', program];
  const child = spawn(command[0] as string, command.slice(1), {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return asStoreProcess(child);
}

function asStoreProcess(child: ChildProcess): StoreProcess {
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  return {
    pid: child.pid as number,
    line: async () => (await lines.next()).value,
    tell: () => void child.stdin?.end('go on\n'),
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
    end: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}
