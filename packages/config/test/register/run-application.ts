import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

/** How an application has ended, and what it has written. */
export interface ApplicationEnding {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

export interface ApplicationRun {
  /** Its file in this folder. @defaultValue application.ts */
  readonly file?: string;
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A file in this folder that is imported first. @defaultValue none */
  readonly first?: string;
  /** How `@spillway/config/register` comes first, if at all. @defaultValue --import */
  readonly preload?: '--import' | '--require' | 'none';
}

/** Runs an application, with `@spillway/config/register` unless it is told not to, until it ends. */
export async function runApplication(run: ApplicationRun): Promise<ApplicationEnding> {
  const { file = 'application.ts', arguments: args = [], environment = {}, first, preload = '--import' } = run;
  const imported = first === undefined ? [] : ['--import', pathOf(first)];
  const register = preload === 'none' ? [] : [preload, '@spillway/config/register'];
  const child = spawn(process.execPath, ['--conditions=dev', ...imported, ...register, pathOf(file), ...args], {
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: '', NODE_NO_WARNINGS: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, output, errors };
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
