import { group, list, type Properties, property, required, text } from '@spillway/core/component-provider';

const HEADER: Properties = {
  name: required(text('Name of the header.')),
  value: property({ type: ['string', 'null'], writeOnly: true }, 'Its value; a header without one is left out.'),
};

/** As OpenTelemetry's configuration has it: https://github.com/open-telemetry/opentelemetry-configuration (`NameStringValuePair`) */
const headers = list('Headers of every request.', group('A header.', HEADER));

const headersList = text(
  'Headers of every request as one text: `name=value,name2=value2`, each percent-encoded. `headers` has priority.',
  { isSecret: true, option: 'headers' },
);

/** What stands in the headers of an exporter's requests, credentials included. */
export const requestHeaderProperties: Properties = {
  headers_list: { ...headersList, toOption: parseHeadersList },
  headers: {
    ...headers,
    toOption: (items, field): Record<string, string> => tableOf(headers.toOption?.(items, field) as readonly Header[]),
  },
  basic_auth: group('User and password for basic authentication. Not together with `bearer_token`.', {
    username: required(text('Name of the user, without a colon.')),
    password: required(text('Password of the user.', { isSecret: true })),
  }),
  bearer_token: text('Token for bearer authentication. Not together with `basic_auth`.', { isSecret: true }),
};

interface Header {
  readonly name: string;
  readonly value?: string;
}

function tableOf(items: readonly Header[]): Record<string, string> {
  return Object.fromEntries(items.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

/**
 * Headers of a text such as that of the environment variable `OTEL_EXPORTER_OTLP_HEADERS`.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables (read 2026-11-28)
 */
function parseHeadersList(value: unknown, field: string): Record<string, string> {
  const pairs = String(value)
    .split(',')
    .filter((pair) => pair.trim() !== '');
  return Object.fromEntries(pairs.map((pair) => parsePair(pair, field)));
}

function parsePair(pair: string, field: string): readonly [name: string, value: string] {
  const end = pair.indexOf('=');
  try {
    if (end > 0) return [decode(pair.slice(0, end)), decode(pair.slice(end + 1))];
  } catch {
    // The error would not say which text is meant, and the text is a secret.
  }
  throw new RangeError(`Expected \`${field}\` to be a list such as \`name=value,name2=value2\`, percent-encoded.`);
}

function decode(part: string): string {
  return decodeURIComponent(part.trim());
}
