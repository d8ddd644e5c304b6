import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CLAIM_KINDS, numbered, TestOrigin, type TestPage } from './test-origin.ts';

/** A page as the model knows it. */
interface ModelPage {
  readonly page: TestPage;
  /** Numbers of payloads that it was given or has taken over, by id, and whether it was away since. */
  readonly hand: Map<number, { readonly number: number; wasAway: boolean }>;
  isAway: boolean;
  isClosed: boolean;
  lastId: number;
}

type Step =
  | { readonly do: 'put' | 'putNow' | 'adopt' | 'away' | 'active' | 'close'; readonly at: number }
  | { readonly do: 'remove'; readonly at: number; readonly which: number }
  | { readonly do: 'adoptAll' };

const at = fc.nat(2);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('putNow' as const), at }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('remove' as const), at, which: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('adopt' as const), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('adoptAll' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('away' as const), at }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('active' as const), at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), at }) },
);

/** Pages of one origin, with what each should have and what should be stored. */
class Model {
  readonly #origin: TestOrigin;
  readonly #pages: ModelPage[] = [];
  /** Numbers of payloads that were put and not removed. */
  readonly #stored = new Set<number>();
  #lastNumber = 0;

  constructor(origin: TestOrigin) {
    this.#origin = origin;
    for (let count = 0; count < 3; count += 1) this.#pages.push(this.#open());
  }

  async run(step: Step): Promise<void> {
    if (step.do === 'adoptAll') await Promise.all(this.#pages.map((page) => this.#adopt(page)));
    else {
      const page = this.#pages[step.at] as ModelPage;
      if (step.do === 'put' || step.do === 'putNow') await this.#put(page, step.do);
      else if (step.do === 'remove') await this.#remove(page, step.which);
      else if (step.do === 'adopt') await this.#adopt(page);
      else if (step.do === 'away') this.#away(page);
      else if (step.do === 'active') this.#active(page);
      else await this.#close(step.at);
    }
    await this.#check();
  }

  /** When all pages have ended, the next one has all that is left. */
  async finish(): Promise<void> {
    for (const { page } of this.#pages) await page.outbox.close();
    const found = await this.#origin.open().adoptNumbers();
    expect(found.toSorted((a, b) => a - b)).toEqual([...this.#stored]);
  }

  #open(): ModelPage {
    return { page: this.#origin.open(), hand: new Map(), isAway: false, isClosed: false, lastId: 0 };
  }

  async #put(to: ModelPage, how: 'put' | 'putNow'): Promise<void> {
    if (to.isAway) return;
    const id = (to.lastId += 1);
    const number = (this.#lastNumber += 1);
    if (how === 'putNow') {
      await to.page.adopt({ accepts: () => false });
      await to.page.outbox.putNow(new Map([[id, numbered(number)]]));
    } else await to.page.outbox.put(id, numbered(number));
    to.hand.set(id, { number, wasAway: false });
    this.#stored.add(number);
  }

  async #remove(from: ModelPage, which: number): Promise<void> {
    const [id, held] = [...from.hand][which % Math.max(1, from.hand.size)] ?? [];
    if (from.isAway || id === undefined || held === undefined) return;
    const answer = await from.page.read(id);
    await from.page.outbox.remove(id);
    from.hand.delete(id);
    if (answer === held.number) this.#stored.delete(held.number);
  }

  async #adopt(by: ModelPage): Promise<void> {
    if (by.isAway) return;
    for (const { id, tenant } of await by.page.adopt()) by.hand.set(id, { number: Number(tenant), wasAway: false });
  }

  #away(page: ModelPage): void {
    page.page.away();
    page.isAway = true;
    for (const held of page.hand.values()) held.wasAway = true;
  }

  #active(page: ModelPage): void {
    page.page.active();
    page.isAway = false;
  }

  async #close(index: number): Promise<void> {
    await this.#pages[index]?.page.outbox.close();
    this.#pages[index] = this.#open();
  }

  /** What was put and not removed is stored, and in the hands of one page at most; nobody calls anything lost. */
  async #check(): Promise<void> {
    const inHands: number[] = [];
    for (const { page, hand, isAway } of this.#pages) {
      if (isAway) continue;
      for (const [id, { number, wasAway }] of hand) {
        const answer = await page.read(id);
        if (answer === number) inHands.push(number);
        else expect([answer, wasAway]).toEqual(['taken over', true]);
      }
    }
    expect(inHands.toSorted((a, b) => a - b)).toEqual([...new Set(inHands)].toSorted((a, b) => a - b));
    expect([...this.#stored]).toEqual(expect.arrayContaining(inHands));
    const keys = await this.#origin.storedKeys();
    expect(keys).toHaveLength(this.#stored.size);
    expect(await this.#origin.storedKeys('bodies')).toEqual(keys);
  }
}

describe.each(CLAIM_KINDS)('With %s, whatever pages do,', (kind) => {
  // oxlint-disable-next-line vitest/expect-expect -- the model expects after each step
  test('each payload is stored until it is removed, and in the hands of one page at most', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), async (steps) => {
        const origin = new TestOrigin(kind);
        await origin.open().adopt();
        const model = new Model(origin);
        for (const step of steps) await model.run(step);
        await model.finish();
      }),
      { numRuns: 60 },
    ),
  );
});
