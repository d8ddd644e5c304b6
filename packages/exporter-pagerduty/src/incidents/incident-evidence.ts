import { BoundedNames } from './bounded-names.ts';
import type { RecordSample } from './record-sample.ts';

/** Enough to see what is wrong; the count tells the rest. */
export const MAX_SAMPLES = 5;
/** Services and instances that are named. */
const MAX_NAMES = 20;
/** Rules that are told apart in the incident for what is beyond the limits. */
const MAX_TALLIED = 100;

/** What is kept of the records of an incident, as plain data. */
export interface StoredEvidence {
  readonly samples: readonly RecordSample[];
  readonly services: readonly string[];
  readonly instances: readonly string[];
  readonly tally?: Readonly<Record<string, number>>;
}

/** What is kept of the records of an incident, however many there are. */
export class IncidentEvidence {
  readonly #samples: RecordSample[];
  readonly #services: BoundedNames;
  readonly #instances: BoundedNames;
  readonly #tally: Map<string, number> | undefined;

  constructor({ samples, services, instances, tally }: StoredEvidence) {
    this.#samples = samples.slice(0, MAX_SAMPLES);
    this.#services = new BoundedNames(MAX_NAMES, services);
    this.#instances = new BoundedNames(MAX_NAMES, instances);
    this.#tally = tally && new Map(Object.entries(tally));
  }

  /** Nothing yet. @param isTally whether records are counted by their rules */
  static none(isTally: boolean): IncidentEvidence {
    return new IncidentEvidence({ samples: [], services: [], instances: [], ...(isTally && { tally: {} }) });
  }

  /** Whether records are counted by their rules, because the incident is for what is beyond the limits. */
  get isTally(): boolean {
    return this.#tally !== undefined;
  }

  /** Whether a sample of the next record would be kept. */
  get wantsSample(): boolean {
    return this.#samples.length < MAX_SAMPLES;
  }

  addSample(sample: RecordSample): void {
    if (this.wantsSample) this.#samples.push(sample);
  }

  addPlace(service: string | undefined, instance: string | undefined): void {
    this.#services.add(service);
    this.#instances.add(instance);
  }

  addRule(rule: string): void {
    const tally = this.#tally;
    if (tally === undefined || (tally.size >= MAX_TALLIED && !tally.has(rule))) return;
    tally.set(rule, (tally.get(rule) ?? 0) + 1);
  }

  stored(): StoredEvidence {
    return {
      samples: [...this.#samples],
      services: this.#services.list(),
      instances: this.#instances.list(),
      ...(this.#tally && { tally: Object.fromEntries(this.#tally) }),
    };
  }
}
