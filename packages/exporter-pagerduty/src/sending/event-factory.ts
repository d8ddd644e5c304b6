import type { ChangeReport, IncidentReport } from '../events/incident-report.ts';
import type { PagerDutyEvent } from '../events/pagerduty-event.ts';

/** Makes events of reports. None of its methods throws. */
export interface EventFactory {
  /** @param isStripped whether it has only what PagerDuty needs */
  trigger(report: IncidentReport, isStripped: boolean): PagerDutyEvent;
  resolve(dedupKey: string): PagerDutyEvent;
  change(report: ChangeReport): PagerDutyEvent;
  /** The body of a request. */
  encode(event: PagerDutyEvent, routingKey: string): Uint8Array<ArrayBuffer>;
}
