import type { IncomingHttpHeaders } from 'node:http';

import { type Answer, unrecognizedObject, wrongRequest } from './answer.ts';

/** 512 KB by the smaller reading, the one that Alertmanager and Grafana keep to. */
export const MAX_BODY_BYTES = 512_000;

const MEDIA_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/** A whole pair is one code point here, and no surrogate. */
const HALF_PAIR = /\p{Surrogate}/u;

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object of a request, or why there is none that every reader would understand. */
export type EventBody = { readonly event: JsonObject } | { readonly refusal: Answer };

export function readEventBody(headers: IncomingHttpHeaders, body: Uint8Array): EventBody {
  const format = formatProblem(headers);
  if (format !== undefined) return { refusal: wrongRequest(400, format) };
  if (body.length > MAX_BODY_BYTES) {
    return { refusal: unrecognizedObject(`Event object is too large (maximum is ${MAX_BODY_BYTES} bytes)`) };
  }
  const value = parseJson(body);
  return isJsonObject(value) ? { event: value } : { refusal: unrecognizedObject('JSON parse error') };
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function formatProblem(headers: IncomingHttpHeaders): string | undefined {
  const type = headers['content-type'] ?? '';
  if (!MEDIA_TYPE.test(type)) return `Content-Type is '${type}' (should be application/json)`;
  const encoding = headers['content-encoding'];
  return encoding === undefined ? undefined : `Content-Encoding '${encoding}' is not supported`;
}

/** Undefined where the bytes are no UTF-8, no JSON, or have half of a surrogate pair in a text, which many readers refuse. */
function parseJson(body: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return JSON.parse(text, refuseHalfPairs);
  } catch {
    return undefined;
  }
}

function refuseHalfPairs(name: string, value: unknown): unknown {
  if (HALF_PAIR.test(name) || (typeof value === 'string' && HALF_PAIR.test(value))) {
    throw new SyntaxError('half of a surrogate pair');
  }
  return value;
}
