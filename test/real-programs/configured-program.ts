import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.ts';
import { Program } from './program.ts';

/** Where a program finds what it needs. */
interface ProgramPlace {
  /** Folder of its own, which {@link ConfiguredProgram.close} removes. */
  readonly folder: string;
  /** File of its configuration, within the folder. */
  readonly file: string;
  /** Host and port to listen at. */
  readonly address: string;
}

interface ProgramSetup {
  readonly command: string;
  readonly configuration: object;
  readonly arguments: (place: ProgramPlace) => readonly string[];
}

/** A program that runs, and what it was given. */
interface LaunchedProgram {
  readonly url: string;
  readonly folder: string;
  readonly program: Program;
}

/**
 * Starts a program of this machine that reads a file of YAML, keeps its data in a folder, and answers `/-/ready`. Resolves once
 * it is ready. Leaves nothing behind where it does not start.
 */
export async function launchProgram(setup: ProgramSetup): Promise<LaunchedProgram> {
  const folder = await mkdtemp(join(tmpdir(), `spillway-${setup.command}-`));
  const file = join(folder, 'configuration.yml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(setup.configuration));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const program = new Program(setup.command, setup.arguments({ folder, file, address }), `${url}/-/ready`);
  try {
    await program.start();
  } catch (error) {
    await closeProgram({ url, folder, program });
    throw error;
  }
  return { url, folder, program };
}

async function closeProgram({ folder, program }: LaunchedProgram): Promise<void> {
  await program.stop();
  await rm(folder, { recursive: true, force: true });
}

/** What is common to the programs that tests run. */
export class ConfiguredProgram {
  readonly #launched: LaunchedProgram;

  constructor(launched: LaunchedProgram) {
    this.#launched = launched;
  }

  /** Address without a path. It stays the same when the program starts again. */
  get url(): string {
    return this.#launched.url;
  }

  /** Starts again after {@link stop}, at the same address and with what it had stored. */
  async start(): Promise<void> {
    await this.#launched.program.start();
  }

  /** Stops; what it has stored stays until {@link close}. */
  async stop(): Promise<void> {
    await this.#launched.program.stop();
  }

  /** Ends at once, as a crash does. */
  async kill(): Promise<void> {
    await this.#launched.program.kill();
  }

  async close(): Promise<void> {
    await closeProgram(this.#launched);
  }
}
