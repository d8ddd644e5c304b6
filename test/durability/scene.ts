import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, vi } from 'vitest';

import { GENEROUS_LIMITS } from '../e2e/pipeline.ts';
import { LokiStandIn } from '../loki/index.ts';
import type { ApplicationOptions } from './application-options.ts';
import { Child, type ChildOptions } from './child.ts';

/** Long enough for the slowest machine; what takes longer hangs. */
const PATIENCE_MILLIS = 20_000;

type Told = Omit<ApplicationOptions, 'url' | 'directory'> & { readonly directory?: string };

/** A Loki that outlives its applications, and a folder for what they leave behind. Both end with the test. */
export class Scene {
  readonly loki: LokiStandIn;
  readonly folder: string;
  readonly directory: string;
  readonly #onFinished: (clean: () => void | Promise<void>) => void;

  private constructor(loki: LokiStandIn, onFinished: (clean: () => void | Promise<void>) => void) {
    this.loki = loki;
    this.#onFinished = onFinished;
    this.folder = mkdtempSync(join(tmpdir(), 'spillway-durability-'));
    this.directory = join(this.folder, 'outbox');
  }

  /** @param onFinished of tests that run at once, the one of their context */
  static async open(onFinished: (clean: () => void | Promise<void>) => void = onTestFinished): Promise<Scene> {
    const loki = new LokiStandIn(GENEROUS_LIMITS);
    await loki.start();
    const scene = new Scene(loki, onFinished);
    onFinished(async () => {
      await loki.close();
      rmSync(scene.folder, { recursive: true, force: true });
    });
    return scene;
  }

  /** Starts an application on the directory of this scene. */
  start(script: string, told: Told, options: ChildOptions = {}): Child {
    const application = { url: this.loki.url, directory: this.directory, ...told };
    return new Child(script, application, { onFinished: this.#onFinished, ...options });
  }

  get storedLines(): string[] {
    return this.loki.entries().map(({ line }) => line);
  }

  /** Files of outboxes, without what belongs to them. */
  outboxFiles(): string[] {
    return filesIn(this.directory).filter((name) => name.endsWith('.sqlite'));
  }

  makeDirectory(): void {
    mkdirSync(this.directory, { mode: 0o700 });
  }

  /** Lets a new process deliver what others have left on disk, until nothing is there any more. Answers what it says in the end. */
  async deliverRest(name = 'successor', place: ApplicationOptions['place'] = 'file of a worker'): Promise<Stats> {
    const successor = this.start('serving-script.ts', { place, name, task: 'serve' });
    await successor.line('ready');
    await vi.waitFor(() => expect(this.outboxFiles()).toEqual([]), { timeout: PATIENCE_MILLIS, interval: 20 });
    successor.say('shutdown');
    const stats = statsOf(await successor.line('stats '));
    expect((await successor.ended).code).toBe(0);
    return stats;
  }
}

export interface Stats {
  readonly received: number;
  readonly created: number;
  readonly recovered: number;
  readonly passed: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly droppedTotal: number;
  readonly held: number;
}

export function statsOf(line: string): Stats {
  return JSON.parse(line.slice('stats '.length)) as Stats;
}

export function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** The lines that an application emits under a name, in order. */
export function linesOf(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${index}`);
}
