import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.ts';
import { Program } from './program.ts';

/** Where a program finds what it needs. */
export interface ProgramPlace {
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

/** A program of this machine that reads a file of YAML, keeps its data in a folder, and answers `/-/ready`. */
export class ConfiguredProgram {
  /** Address without a path. It stays the same when the program starts again. */
  readonly url: string;
  readonly #folder: string;
  readonly #program: Program;

  private constructor(setup: ProgramSetup, place: ProgramPlace) {
    this.url = `http://${place.address}`;
    this.#folder = place.folder;
    this.#program = new Program(setup.command, setup.arguments(place), `${this.url}/-/ready`);
  }

  /** Resolves once the program is ready. Leaves nothing behind where it does not start. */
  static async launch(setup: ProgramSetup): Promise<ConfiguredProgram> {
    const folder = await mkdtemp(join(tmpdir(), `spillway-${setup.command}-`));
    const file = join(folder, 'configuration.yml');
    // JSON is YAML.
    await writeFile(file, JSON.stringify(setup.configuration));
    const program = new ConfiguredProgram(setup, { folder, file, address: `127.0.0.1:${await freePort()}` });
    try {
      await program.start();
    } catch (error) {
      await program.close();
      throw error;
    }
    return program;
  }

  /** Starts again after {@link stop}, at the same address and with what it had stored. */
  async start(): Promise<void> {
    await this.#program.start();
  }

  /** Stops; what it has stored stays until {@link close}. */
  async stop(): Promise<void> {
    await this.#program.stop();
  }

  /** Ends at once, as a crash does. */
  async kill(): Promise<void> {
    await this.#program.kill();
  }

  async close(): Promise<void> {
    await this.#program.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
