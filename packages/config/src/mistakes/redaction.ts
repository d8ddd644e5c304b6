import type { JsonSchema } from '@spillway/core/component-provider';

import type { NodePath } from './node-path.ts';

export const REDACTED = '[redacted]';

/** Shorter texts are in every second message by chance. */
const MIN_SECRET_CHARACTERS = 4;

/** A schema and all forms that it gives a value, one in the other. */
export function formsOf(schema: JsonSchema): readonly JsonSchema[] {
  const { allOf, anyOf, oneOf } = schema;
  const forms = [allOf, anyOf, oneOf].flat().filter((form) => typeof form === 'object' && form !== null);
  return [schema, ...forms.flatMap((form) => formsOf(form as JsonSchema))];
}

/** Whether a schema says of a value that it is never shown: in one of its forms is enough. */
export function isSecretSchema(schema: JsonSchema | undefined): boolean {
  return schema !== undefined && formsOf(schema).some((form) => form['writeOnly'] === true);
}

/** Whether what stands at a path is never shown: its schema says so, or it is the value of a header. */
export function isSecretPlace(path: NodePath, schema: JsonSchema | undefined): boolean {
  if (isSecretSchema(schema)) return true;
  if (path.at(-1) === 'headers_list') return true;
  const headers = path.lastIndexOf('headers');
  // In OpenTelemetry's form, a list of pairs, names are values as well, and no secrets.
  const isName = path.at(-1) === 'name' && typeof path.at(-2) === 'number';
  return headers >= 0 && path.length > headers + 1 && !isName;
}

/** A text without what may be secret in a URL: user and password, and the values of its query. */
export function redactUrls(text: string): string {
  return text
    .replaceAll(/(?<=:\/\/)[^/?#\s]*@/g, `${REDACTED}@`)
    .replaceAll(/(?<=[?&][^=&#\s]+=)[^&#\s`"']+/g, REDACTED);
}

/** A message that others have written, without secrets that they may have quoted. */
export function redactMessage(message: string, secrets: Iterable<string>): string {
  let text = message;
  for (const secret of secrets) if (secret.length >= MIN_SECRET_CHARACTERS) text = text.replaceAll(secret, REDACTED);
  return redactUrls(text);
}
