export { type Fault, type FaultPlan, type FaultRequest, faultSequence, flappingFault } from './fault.ts';
export { LOKI_DEFAULT_LIMITS, type LokiLimits } from './limits.ts';
export { LokiStandIn, type LokiStandInOptions } from './loki-stand-in.ts';
export type { RecordedRequest } from './request-log.ts';
export type { StoredEntry } from './stream.ts';
