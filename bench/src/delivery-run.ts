import { type ChildProcess, fork, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';

import type { RunFigures } from './contender.ts';

/** One run: what the contender used, and what arrived. */
export interface Run extends RunFigures {
  readonly delivered: number;
  readonly bytesPerRecord: number;
  readonly requests: number;
}

const CHILD_OPTIONS: ForkOptions = { execArgv: ['--conditions=dev'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] };

/** The backend of all runs, in a process of its own. */
export class Sink {
  readonly #child: ChildProcess;
  readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<Sink> {
    const child = fork(new URL('sink.ts', import.meta.url), [], CHILD_OPTIONS);
    const [port] = (await once(child, 'message')) as [number];
    return new Sink(child, `http://127.0.0.1:${port}`);
  }

  /** What arrived since the last call. */
  async result(): Promise<{ readonly bytes: number; readonly records: number; readonly requests: number }> {
    const response = await fetch(`${this.url}/result`);
    return (await response.json()) as { bytes: number; records: number; requests: number };
  }

  stop(): void {
    this.#child.disconnect();
  }
}

/** Runs a contender in a fresh process: warm it up, forget what that sent, measure. */
export async function runContender(name: string, sink: Sink): Promise<Run> {
  const child = fork(new URL('contender.ts', import.meta.url), [name, sink.url], CHILD_OPTIONS);
  await once(child, 'message');
  await sink.result();
  child.send('go');
  const [figures] = (await once(child, 'message')) as [RunFigures];
  if (child.exitCode === null) await once(child, 'exit');
  const { bytes, records, requests } = await sink.result();
  return { ...figures, delivered: records, requests, bytesPerRecord: records === 0 ? 0 : bytes / records };
}
