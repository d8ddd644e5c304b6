import { type IncomingMessage, request as sendRequest, type ServerResponse } from 'node:http';

/** Hands a request on to another server, and its answer back; 502 where that one cannot be reached, as gateways answer. */
export function forward(request: IncomingMessage, response: ServerResponse, target: string): void {
  const { method, headers, url = '' } = request;
  const onward = sendRequest(new URL(url, target), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  onward.on('error', () => {
    // What is still on its way has to be read: a browser that cannot get rid of it does not hear the answer.
    request.unpipe(onward).resume();
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end('Loki cannot be reached.\n');
  });
  request.pipe(onward);
  // A page that goes away takes its requests along.
  response.on('close', () => {
    if (!response.writableEnded) onward.destroy();
  });
}
