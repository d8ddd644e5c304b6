export { EventStreamParser, type StreamEvent } from './client/event-stream-parser.ts';
export type {
  LiveTailBye,
  LiveTailEvent,
  LiveTailGap,
  LiveTailHello,
  LiveTailRecord,
  LiveTailStats,
  LiveTailValue,
} from './client/live-tail-event.ts';
export { type LiveTail, type LiveTailOptions, openLiveTail } from './client/open-live-tail.ts';
export type { LiveTailState } from './client/live-tail-state.ts';
export { type RecordCriteria, recordFilter, searchTextOf } from './client/record-filter.ts';
