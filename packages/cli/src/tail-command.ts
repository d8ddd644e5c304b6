import {
  type LiveTailEvent,
  type LiveTailState,
  openLiveTail,
  recordFilter,
} from '@spillway/exporter-live-tail/live-tail-client';

import type { TailCommand } from './command-line.ts';
import { RecordPrinter } from './record-printer.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Shows records as they come, until the signal. Answers with the exit code. @throws UsageError without a token */
export function tail({ url, token, recent, criteria, json }: TailCommand, terminal: Terminal): Promise<number> {
  if (token === undefined) {
    throw new UsageError('Expected a token: the URL as the application tells it ends with `#token=...`.');
  }
  const printer = new RecordPrinter(terminal, json);
  const { signal } = terminal;
  const isWanted = recordFilter(criteria);
  return new Promise((resolve) => {
    openLiveTail({
      url,
      token,
      recent,
      signal,
      onEvent: (event) => {
        if (event.type !== 'record' || isWanted(event.data)) show(event, printer);
      },
      onState: (state) => {
        tell(state, url, printer);
        if (state.status === 'closed') resolve(state.cause === 'closed' ? 0 : 1);
      },
    });
  });
}

function show(event: LiveTailEvent, printer: RecordPrinter): void {
  if (event.type === 'record') printer.record(event.data);
  if (event.type === 'gap') printer.gap(event.data);
}

function tell(state: LiveTailState, url: URL, printer: RecordPrinter): void {
  switch (state.status) {
    case 'open':
      return printer.note(state.restarted ? 'the application has started again' : `connected to ${url.href}`);
    case 'waiting':
      return printer.note(`${url.href}: ${state.reason}; next attempt in ${(state.delayMillis / 1000).toFixed(1)} s`);
    case 'closed':
      printer.tellSkipped();
      return state.cause === 'closed' ? undefined : printer.note(state.reason);
    default:
      return undefined;
  }
}
