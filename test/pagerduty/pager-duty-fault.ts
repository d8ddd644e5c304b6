import { STATUS_CODES } from 'node:http';

import type { Fault, FaultPlan, FaultRequest } from '../stand-in/fault.ts';
import { type Answer, invalidEvent, THROTTLED, wrongRequest } from './answer.ts';
import type { JsonObject } from './event-body.ts';

/** Chooses the fault of a call, also by what it sends; undefined lets it through. */
export type PagerDutyFaultPlan = FaultPlan<Fault, PagerDutyFaultRequest>;

export interface PagerDutyFaultRequest extends FaultRequest {
  /** The JSON object of the body, right or wrong; undefined where there is none. */
  readonly event: JsonObject | undefined;
}

/** The event is processed, and the connection breaks before the answer: the client cannot know. */
export const LOST_ANSWER: Fault = { kind: 'reset', when: 'after-storing' };

/**
 * Answers with a status, in the body that goes with it, and processes nothing.
 * @param errors what a 400 says is wrong
 * @param headers such as Retry-After, which PagerDuty's documentation does not name
 */
export function answerFault(
  status: number,
  errors: readonly string[] = [],
  headers: Readonly<Record<string, string>> = {},
): Fault {
  const { body } = answerWith(status, errors);
  return {
    kind: 'status',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

function answerWith(status: number, errors: readonly string[]): Answer {
  if (status === 400) return invalidEvent(errors);
  return status === 429 ? THROTTLED : wrongRequest(status, STATUS_CODES[status] ?? String(status));
}
