export { type Fault, type FaultRequest, faultSequence, flappingFault } from '../stand-in/fault.ts';
export type { AlertEvent, ChangeEvent, Severity, TriggerPayload } from './event.ts';
export type { JsonObject } from './event-body.ts';
export type { CharacterUnit } from './field-checks.ts';
export type { Incident, LogEntry } from './incident-log.ts';
export { answerFault, LOST_ANSWER, type PagerDutyFaultPlan, type PagerDutyFaultRequest } from './pager-duty-fault.ts';
export { PagerDutyStandIn, type PagerDutyStandInOptions } from './pager-duty-stand-in.ts';
export type { ReceivedCall } from './received-call.ts';
export { distinctStorm, lookAlikeStorm, repeatedStorm, type StormOptions, type StormRecord } from './storm.ts';
