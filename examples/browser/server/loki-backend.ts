import type { IncomingMessage, ServerResponse } from 'node:http';

import { LokiStandIn, type StoredEntry } from '@spillway/test/loki';
import type { Connect, Plugin, PreviewServer, ViteDevServer } from 'vite';

import type { Arrivals, ArrivedLine } from '../src/arrivals.ts';
import { forward } from './forward.ts';

const NEWEST_LINES = 12;

/**
 * The server side of the example, under `vite` and `vite preview`: a Loki behind the origin of the page, as a gateway would
 * have it, what has arrived there, and a way to make it go away.
 */
export function lokiBackend(): Plugin {
  return { name: 'loki-backend', configureServer: serve, configurePreviewServer: serve };
}

async function serve({ middlewares, httpServer }: ViteDevServer | PreviewServer): Promise<void> {
  const loki = new LokiStandIn();
  await loki.start();
  httpServer?.once('close', () => void loki.close());
  middlewares.use(answers(loki, Date.now()));
}

function answers(loki: LokiStandIn, sinceMillis: number): Connect.NextHandleFunction {
  let isAway = false;
  const set = async (value: boolean): Promise<void> => {
    isAway = value;
    await (value ? loki.refuseConnections() : loki.acceptConnections());
  };
  return (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const { method, url = '' } = request;
    if (url.startsWith('/loki/')) forward(request, response, loki.url);
    else if (url === '/backend/arrivals') answerJson(response, arrivals(loki, sinceMillis, isAway));
    else if (url === '/backend/away' && (method === 'PUT' || method === 'DELETE')) {
      void set(method === 'PUT').then(() => response.writeHead(204).end());
    } else next();
  };
}

function arrivals(loki: LokiStandIn, sinceMillis: number, isAway: boolean): Arrivals {
  const entries = loki.entries();
  const byPageView: Record<string, number> = {};
  for (const { metadata } of entries) {
    const id = metadata['page_view_id'] ?? '';
    byPageView[id] = (byPageView[id] ?? 0) + 1;
  }
  return { sinceMillis, isAway, total: entries.length, byPageView, newest: newestLines(entries) };
}

function newestLines(entries: readonly StoredEntry[]): readonly ArrivedLine[] {
  const lines: ArrivedLine[] = [];
  for (const entry of entries.toReversed()) {
    const line = arrivedLine(entry);
    const last = lines.at(-1);
    if (last !== undefined && isEqual(last, line)) lines[lines.length - 1] = { ...last, count: last.count + 1 };
    else if (lines.push(line) > NEWEST_LINES) return lines.slice(0, NEWEST_LINES);
  }
  return lines;
}

function arrivedLine({ timeNanos, line, metadata }: StoredEntry): ArrivedLine {
  return {
    timeMillis: Number(timeNanos / 1_000_000n),
    severity: metadata['severity_text'] ?? '',
    line,
    detail: metadata['label'] ?? metadata['path'] ?? metadata['exception_type'] ?? '',
    count: 1,
  };
}

const isEqual = (one: ArrivedLine, other: ArrivedLine): boolean =>
  one.line === other.line && one.detail === other.detail && one.severity === other.severity;

function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(value));
}
