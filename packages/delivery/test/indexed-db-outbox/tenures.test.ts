import { expect, test } from 'vitest';

import type { Claim, SessionClaims } from '../../src/indexed-db-outbox/session-claims.ts';
import { Tenures } from '../../src/indexed-db-outbox/tenures.ts';

/** Claims that take a turn of the event loop to be given back, as in a browser with processes of its own. */
class SlowClaims implements SessionClaims {
  readonly #held = new Set<string>();

  async claim(session: string): Promise<Claim | undefined> {
    if (this.#held.has(session)) return undefined;
    this.#held.add(session);
    const claim = {
      isHeld: true,
      release: async (): Promise<void> => {
        claim.isHeld = false;
        await new Promise((resolve) => setImmediate(resolve));
        this.#held.delete(session);
      },
    };
    return claim;
  }

  async free(sessions: readonly string[]): Promise<string[]> {
    return sessions.filter((session) => !this.#held.has(session));
  }
}

test('A page that is back at once does not take its own claim, which is still being given back, for that of another', async () => {
  let sessions = 0;
  const tenures = new Tenures(new SlowClaims(), () => `session ${(sessions += 1)}`);
  const own = await tenures.own();
  tenures.leave();
  tenures.return();
  expect(await tenures.own()).toBe(own);
  expect([own.isOurs, own.isLost, own.absences]).toEqual([true, false, 1]);
  await tenures.close();
});
