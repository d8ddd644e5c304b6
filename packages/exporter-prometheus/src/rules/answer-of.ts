/**
 * What a function of the user has answered. A promise comes too late to count by: that is thrown, to be told, and what the
 * promise rejects with goes no further.
 */
export function answerOf(answer: unknown): unknown {
  if (!(answer instanceof Promise)) return answer;
  answer.catch(() => {});
  throw new TypeError('A function of the metric answers with a promise: it must answer at once.');
}
