/**
 * What a function of the user has answered. A promise comes too late for what must be decided at once: that is thrown, to be
 * told, and what the promise rejects with goes no further.
 */
export function answerOf(answer: unknown): unknown {
  if (!(answer instanceof Promise)) return answer;
  answer.catch(() => {});
  throw new TypeError('A function answers with a promise: it must answer at once.');
}
