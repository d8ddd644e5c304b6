export { type FaultRequest, faultSequence, flappingFault } from '../stand-in/fault.ts';
export { LOKI_DEFAULT_LIMITS, type LokiLimits } from './limits.ts';
export type { LokiFault as Fault, LokiFaultPlan as FaultPlan } from './loki-fault.ts';
export { LokiStandIn, type LokiStandInOptions } from './loki-stand-in.ts';
export type { RecordedRequest } from './request-log.ts';
export type { StoredEntry } from './stream.ts';
