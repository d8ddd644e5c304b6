import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ThrottledDiag } from '@spillway/core';

import type { ScrapeReply, ScrapeResponder } from './scrape-responder.ts';

/** Answers a request of `node:http`, and of frameworks on it. Never rejects. */
export async function handleNodeRequest(
  responder: ScrapeResponder,
  request: IncomingMessage,
  response: ServerResponse,
  diag: ThrottledDiag,
): Promise<void> {
  const { status, headers, body } = await nodeReply(responder, request);
  // Whoever shares the response may have ended it, or sent headers.
  try {
    if (response.writableEnded || response.destroyed) return;
    response.writeHead(status, headers);
    response.end(body);
  } catch (error) {
    diag.error('response', 'The answer to a scrape could not be sent', error);
  }
}

/** The answer to a request of `node:http`. Never rejects. */
export function nodeReply(responder: ScrapeResponder, request: IncomingMessage): Promise<ScrapeReply> {
  return responder.reply(() => ({
    method: request.method,
    header: (name) => headerText(request.headers[name]),
  }));
}

/** Answers a request of the Fetch API. Never rejects. */
export async function handleFetchRequest(responder: ScrapeResponder, request: Request): Promise<Response> {
  const { status, headers, body } = await responder.reply(() => ({
    method: request.method,
    header: (name) => request.headers.get(name) ?? undefined,
  }));
  return new Response(body ?? null, { status, headers });
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
