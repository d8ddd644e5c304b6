import { checkString, optionMessage } from '@spillway/core';

/** What names a group of metrics on a Pushgateway. */
export interface GroupOptions {
  readonly url: string;
  readonly job: string;
  readonly grouping?: Readonly<Record<string, string>>;
}

const LABEL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Names that mean something to Prometheus, and `job`, which is an option of its own. */
const RESERVED = /^(?:__.*|le|quantile|job)$/;
/** Characters that need no encoding in a path, whoever reads it: proxies, `fetch` and the Pushgateway's router. */
const PLAIN_VALUE = /^[A-Za-z0-9_~.-]+$/;
/** These would be taken for steps in the path. */
const DOTS = /^\.{1,2}$/;

/**
 * Address of a group on a Pushgateway: `/metrics/job/<job>/<label>/<value>`. A value that cannot stand in a path goes as
 * `<label>@base64/<value>`.
 *
 * @param field how the options are named in messages, such as `pushgateway`
 * @param metricLabels names of labels that metrics have: those of the group would replace them, and series become one
 * @see https://github.com/prometheus/pushgateway/blob/master/README.md#url (read 2026-11-21)
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function groupUrl(
  field: string,
  { url, job, grouping = {} }: GroupOptions,
  metricLabels: ReadonlySet<string>,
): string {
  const base = baseUrl(`${field}.url`, url);
  const groupingField = `${field}.grouping`;
  if (typeof grouping !== 'object' || grouping === null) {
    throw new TypeError(optionMessage(groupingField, 'an object of names and values', grouping));
  }
  let path = pathPart('job', checkWellFormed(`${field}.job`, checkString(`${field}.job`, job)));
  for (const name of Object.keys(grouping).toSorted()) {
    checkGroupingName(groupingField, name, metricLabels);
    path += pathPart(name, checkWellFormed(`${groupingField}.${name}`, grouping[name]));
  }
  return `${base}/metrics${path}`;
}

/** The messages never show the address: it may carry credentials. */
function baseUrl(field: string, url: unknown): string {
  if (typeof url !== 'string') throw new TypeError(optionMessage(field, 'a URL as a string', url, '[redacted]'));
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') throw wrongUrl(field, 'an http or https URL');
  if (parsed.username !== '' || parsed.password !== '') {
    throw wrongUrl(field, 'a URL without user and password: they belong in `basicAuth`');
  }
  if (parsed.search !== '' || parsed.hash !== '') throw wrongUrl(field, 'a URL without a query and a fragment');
  if (parsed.pathname.includes('/metrics/job')) {
    throw wrongUrl(field, 'the base address, without `/metrics/job`: `job` and `grouping` say the rest');
  }
  return parsed.href.replace(/\/+$/, '');
}

function wrongUrl(field: string, rule: string): RangeError {
  return new RangeError(`Expected \`${field}\` to be ${rule}.`);
}

function checkGroupingName(field: string, name: string, metricLabels: ReadonlySet<string>): void {
  if (!LABEL_NAME.test(name) || RESERVED.test(name)) {
    const rule = 'an object of valid label names without `job` and those that Prometheus reserves';
    throw new RangeError(optionMessage(field, rule, name));
  }
  if (metricLabels.has(name)) {
    throw new RangeError(optionMessage(field, 'an object of label names that no metric has', name));
  }
}

function checkWellFormed(field: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(optionMessage(field, 'a string', value));
  if (Buffer.from(value).toString() !== value) throw new RangeError(optionMessage(field, 'well-formed Unicode', value));
  return value;
}

function pathPart(name: string, value: string): string {
  if (PLAIN_VALUE.test(value) && !DOTS.test(value)) return `/${name}/${value}`;
  // A path cannot have an empty part: of nothing, the padding is sent alone.
  return `/${name}@base64/${Buffer.from(value).toString('base64url') || '='}`;
}
