/**
 * Numbers from 0 up to 1, the same for the same seed.
 * @see https://en.wikipedia.org/wiki/Linear_congruential_generator#Parameters_in_common_use (Numerical Recipes; read 2026-11-21)
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
