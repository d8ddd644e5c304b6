import type { ThrottledDiag } from '@spillway/core';

import type { EventFactory } from '../sending/event-factory.ts';
import { applyRedaction, type Redact } from './apply-redaction.ts';
import { changeEvent } from './change-event.ts';
import { encodeEvent, stripDetails } from './encode-event.ts';
import type { EventContext } from './event-context.ts';
import type { ChangeReport, IncidentReport } from './incident-report.ts';
import type { PagerDutyEvent } from './pagerduty-event.ts';
import { resolveEvent, triggerEvent } from './trigger-event.ts';

export interface EventMakerOptions {
  readonly context: EventContext;
  readonly redact: Redact | undefined;
  readonly diag: ThrottledDiag;
}

/** Makes events of reports, redacted; encoded, they are within PagerDuty's limits. */
export class EventMaker implements EventFactory {
  readonly #options: EventMakerOptions;

  constructor(options: EventMakerOptions) {
    this.#options = options;
  }

  trigger(report: IncidentReport, isStripped: boolean): PagerDutyEvent {
    const event = this.#finish(triggerEvent(report, this.#options.context));
    return isStripped ? stripDetails(event) : event;
  }

  resolve(dedupKey: string): PagerDutyEvent {
    return resolveEvent(dedupKey);
  }

  change(report: ChangeReport): PagerDutyEvent {
    return this.#finish(changeEvent(report, this.#options.context));
  }

  encode(event: PagerDutyEvent, routingKey: string): Uint8Array<ArrayBuffer> {
    return encodeEvent(event, routingKey);
  }

  #finish(event: PagerDutyEvent): PagerDutyEvent {
    const { redact, diag } = this.#options;
    const onError = (error: unknown): void =>
      diag.error('redact', 'Redaction failed: an event leaves without details', error);
    return applyRedaction(event, redact, onError);
  }
}
