/** What the Events API answers: a status, and a body by its schema. */
export interface Answer {
  readonly status: number;
  readonly body: {
    readonly status: string;
    readonly message: string;
    readonly errors?: readonly string[];
    readonly dedup_key?: string;
  };
}

// The texts are PagerDuty's own, from its schema (https://github.com/PagerDuty/api-schema, reference/events-v2), the tests of its
// Go client (https://github.com/PagerDuty/go-pagerduty, event_v2_test.go) and answers in issues of its users; read 2026-11-28.

export function acceptedAlert(dedupKey: string): Answer {
  return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: dedupKey } };
}

export const ACCEPTED_CHANGE: Answer = {
  status: 202,
  body: { status: 'success', message: 'Change event processed' },
};

/** The body is an event, but a wrong one. */
export function invalidEvent(errors: readonly string[]): Answer {
  return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
}

/** The body is no event at all. */
export function unrecognizedObject(error: string): Answer {
  return {
    status: 400,
    body: { status: 'Unrecognized object', message: 'Event object format is unrecognized', errors: [error] },
  };
}

export const THROTTLED: Answer = {
  status: 429,
  body: {
    status: 'throttle exceeded',
    message: 'Requests for this service are arriving too quickly.  Please retry later.',
    errors: ['Enhance Your Calm.'],
  },
};

/** What no event comes to: another path, another method, a body in another format. */
export function wrongRequest(status: number, message: string): Answer {
  return { status, body: { status: 'error', message, errors: [message] } };
}
