import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Refusal } from './refusal.ts';

/** Answers with a text as Go's `http.Error` does. */
export const respondText = (response: ServerResponse, status: number, text: string): void => {
  const body = Buffer.from(text);
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': body.length,
  });
  response.end(body);
};

export const respondRefusal = (response: ServerResponse, { status, message }: Refusal): void => {
  respondText(response, status, `${message}\n`);
};

export const respondJson = (response: ServerResponse, value: unknown): void => {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=UTF-8' });
  response.end(`${JSON.stringify(value)}\n`);
};

export const respondEmpty = (response: ServerResponse, status: number): void => {
  response.writeHead(status, status === 204 ? {} : { 'Content-Length': 0 });
  response.end();
};

/** Loki's router does not accept `//loki/...`: it redirects, which a client that pushes must not follow. */
export const redirectToCleanPath = (response: ServerResponse, { pathname, search }: URL): boolean => {
  const clean = pathname.replaceAll(/\/{2,}/g, '/');
  if (clean === pathname) return false;
  response.setHeader('Location', clean + search);
  respondEmpty(response, 301);
  return true;
};

/** Lets the page that asks use the answer; true where the request was nothing but the question whether it may. */
export const answerPreflight = (request: IncomingMessage, response: ServerResponse): boolean => {
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  if (request.method !== 'OPTIONS') return false;
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
  response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '*');
  respondEmpty(response, 204);
  return true;
};
