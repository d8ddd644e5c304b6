import { answerOf } from './answer-of.ts';

/**
 * Random numbers of the application, from 0 up to 1, for jitter. Where its function throws or answers with anything else, a
 * number of our own takes its place: what draws lots must not be what fails.
 */
export function guardedRandom(random: () => number = Math.random): () => number {
  return () => {
    try {
      const drawn = answerOf(random());
      if (typeof drawn === 'number' && drawn >= 0 && drawn < 1) return drawn;
    } catch {
      // As for any other answer that is none.
    }
    return Math.random();
  };
}
