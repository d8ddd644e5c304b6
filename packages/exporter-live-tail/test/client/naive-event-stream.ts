import type { StreamEvent } from '@spillway/exporter-live-tail/live-tail-client';

/** What a stream says, read when all of it is there, step by step as the HTML standard describes it. */
export function readEventStream(bytes: Uint8Array): StreamEvent[] {
  const events: StreamEvent[] = [];
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/);
  // What is not ended by a line break is no line.
  lines.pop();
  let [type, data, id] = ['', '', ''];
  for (const line of lines) {
    if (line === '') {
      if (data !== '') events.push({ type: type || 'message', data: data.slice(0, -1), id });
      [type, data] = ['', ''];
      continue;
    }
    const [, field = '', value = ''] = /^([^:]*)(?::\x20?(.*))?$/su.exec(line) ?? [];
    if (field === 'event') type = value;
    if (field === 'data') data += `${value}\n`;
    if (field === 'id' && !value.includes('\0')) id = value;
  }
  return events;
}
