import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** The demo as `pnpm demo` starts it, its output a pipe. */
export class DemoRun {
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #closed: Promise<unknown>;
  output = '';
  complaint = '';

  /** @param signal that of the test: where it fails for its time, the demo must not stay behind, and what it said is the clue */
  constructor(args: readonly string[], signal: AbortSignal, environment: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, ...environment };
    this.#process = spawn(process.execPath, ['--conditions=dev', MAIN, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
    this.#process.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.complaint += chunk));
    this.#closed = once(this.#process, 'close');
    signal.addEventListener('abort', () => {
      console.error(this.output, this.complaint);
      this.#process.kill('SIGKILL');
    });
  }

  /** The first match in the output, as soon as there is one. */
  async match(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      if (this.#process.stdout.closed) throw new Error(`No ${pattern} in:\n${this.output}\n${this.complaint}`);
      await Promise.race([once(this.#process.stdout, 'data'), this.#closed]);
    }
  }

  interrupt(): void {
    this.#process.kill('SIGINT');
  }

  /** Waits for the end, and answers with the exit code. */
  async end(): Promise<number | null> {
    await this.#closed;
    return this.#process.exitCode;
  }

  /** The number behind a name in the table at the end. */
  figure(name: string): number {
    const [, value = 'absent'] = new RegExp(`^[ +=] ${name} +([\\d,]+)`, 'm').exec(this.output) ?? [];
    return Number(value.replaceAll(',', ''));
  }

  /** How many records a stage has dropped, by the table of stages. */
  stageDrops(stage: string): number {
    const [, value = 'absent'] = new RegExp(`^  ${stage} +[\\d,]+ +([\\d,]+)`, 'm').exec(this.output) ?? [];
    return Number(value.replaceAll(',', ''));
  }
}
