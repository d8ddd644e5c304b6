import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import type { Answer } from './answer.ts';
import type { JsonObject } from './event-body.ts';

/** A request to the stand-in. */
export interface ReceivedCall {
  readonly timeMillis: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent, but what is no UTF-8 is replaced, and what is too large ends one byte beyond the limit. */
  readonly body: string;
  /** The JSON object of the body, right or wrong; undefined where there is none. */
  readonly event: JsonObject | undefined;
  /** Fields that the API does not know, by name. It takes no offence. */
  readonly unknownFields: readonly string[];
  /** What the API itself would not take, and why; undefined where it took it, or where a fault came first. */
  readonly refusal: Answer | undefined;
  /** The status that was sent; undefined while none was, and for ever where a fault broke the connection first. */
  readonly status: number | undefined;
}

/** A call that is still being handled. */
export class CallRecord implements ReceivedCall {
  readonly timeMillis: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  raw: Uint8Array = new Uint8Array();
  event: JsonObject | undefined;
  unknownFields: readonly string[] = [];
  refusal: Answer | undefined;
  status: number | undefined;

  constructor({ method = 'GET', url = '/', headers }: IncomingMessage, timeMillis: number) {
    this.timeMillis = timeMillis;
    this.method = method;
    this.path = url.split('?', 1)[0] ?? url;
    this.headers = headers;
  }

  get body(): string {
    return new TextDecoder().decode(this.raw);
  }

  /** Undefined where the body has none. */
  get routingKey(): string | undefined {
    const key = this.event?.['routing_key'];
    return typeof key === 'string' ? key : undefined;
  }
}
