import { readFileSync } from 'node:fs';

import type { Verdict } from '@spillway/delivery';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { lokiBackend } from '../src/loki-backend.ts';
import { LokiExportError } from '../src/loki-export-error.ts';

const STREAM = '{app="a", env="it\'s; 7 errors like: x"}';
const TOO_OLD = `entry for stream '${STREAM}' has timestamp too old: 2026-11-13T01:48:48Z, oldest acceptable timestamp is: 2026-11-14T01:48:48Z`;
const TOO_NEW = `entry for stream '${STREAM}' has timestamp too new: 2026-11-21T02:48:49Z`;
const TOO_LONG = `max entry size '262144' bytes exceeded for stream '${STREAM}' while adding an entry with length '262145' bytes`;
const TOO_MANY = `stream '${STREAM}' has too many structured metadata labels: '129', limit: '128'. Please see \`limits_config.max_structured_metadata_entries_count\` or contact your Loki administrator to increase it`;
const DISALLOWED = `stream '${STREAM}' includes structured metadata, but this feature is disallowed. Please see \`limits_config.allow_structured_metadata\` or contact your Loki administrator to enable it`;
const TOO_MANY_LABELS = `entry for stream '${STREAM}' has 16 label names; limit 15`;

function ignored(count: number, total: number, reason = 'entry too far behind'): string {
  const line = `entry with timestamp 2026-11-20 23:49:05.922 +0000 UTC ignored, reason: '${reason}',\n`;
  return `${line.repeat(Math.min(count, 10))}user 'fake', total ignored: ${count} out of ${total} for stream: ${STREAM}`;
}

function classify(status: number, body = '', recordCount = 512): Verdict {
  return lokiBackend.classify({ status, body }, { recordCount });
}

/** An outcome in few words. */
function outcome(verdict: Verdict): string {
  switch (verdict.outcome) {
    case 'rejected':
      return `rejected ${verdict.rejectedCount}`;
    case 'retryable':
      return verdict.throttled ? 'throttled' : 'retryable';
    case 'split':
      return `split ${verdict.reason}`;
    default:
      return verdict.outcome;
  }
}

/** Records that were refused for good; undefined where that is still open. */
function refusedCount(verdict: Verdict): number | undefined {
  return verdict.outcome === 'rejected' ? verdict.rejectedCount : undefined;
}

function errorOf(verdict: Verdict): Error {
  if (verdict.outcome === 'delivered') throw new Error('Expected an error.');
  return verdict.error;
}

describe('lokiBackend.classify', () => {
  it.each<[status: number, body: string, expected: string]>([
    [204, '', 'delivered'],
    [200, '', 'delivered'],
    [200, '{"status":"ok"}', 'delivered'],
    [260, "ingestion blocked for user 'fake' until '2027-01-01T00:00:00Z' with status code '260'\n", 'retryable'],
    [202, '', 'retryable'],
    [
      403,
      "ingestion blocked for user 'fake' (policy: 'p') until '2027-01-01T00:00:00Z' with status code '403'\n",
      'retryable',
    ],
    [400, `${TOO_OLD}\n`, 'rejected 1'],
    [400, `3 errors like: ${TOO_OLD}; 2 errors like: ${TOO_NEW}; 1 errors like: ${TOO_LONG}\n`, 'rejected 6'],
    [400, `512 errors like: ${DISALLOWED}\n`, 'rejected 512'],
    [400, `2 errors like: ${TOO_MANY}; 1 errors like: ${TOO_LONG}`, 'rejected 3'],
    [400, `513 errors like: ${TOO_LONG}\n`, 'split rejected'],
    [400, `3 errors like: ${TOO_OLD}; 2 errors like: something new\n`, 'split rejected'],
    [400, `3 errors like: ${TOO_OLD}; 1 errors like: ${TOO_MANY_LABELS}\n`, 'split rejected'],
    [400, ignored(1, 512), 'rejected 1'],
    [400, `${ignored(200, 512)}\n`, 'rejected 200'],
    [400, ignored(200, 511), 'split rejected'],
    [400, ignored(2, 512, 'Per stream rate limit exceeded (limit: 3MB/sec)'), 'throttled'],
    [400, `${TOO_MANY_LABELS}\n`, 'rejected 512'],
    [400, `2 errors like: ${TOO_MANY_LABELS}\n`, 'split rejected'],
    [
      400,
      `1 errors like: ${TOO_MANY_LABELS}; 1 errors like: stream '{b="c"}' has label value too long: 'x'\n`,
      'split rejected',
    ],
    [400, "missing required labels 'team' for user 'fake' for stream '{a=\"b\"}' (policy: '')\n", 'rejected 512'],
    [400, "couldn't parse labels: 1:3: parse error: unexpected character inside braces: '.'\n", 'split rejected'],
    [400, '', 'split rejected'],
    [400, 'unexpected EOF\n', 'retryable'],
    [400, 'gzip: invalid header\n', 'refused-by-configuration'],
    [400, 'mime: no media type\n', 'refused-by-configuration'],
    [400, '<html><h1>400 Bad Request</h1></html>', 'refused-by-configuration'],
    [400, "tenant ID 'a/b' contains unsupported character '/'\n", 'refused-by-configuration'],
    [401, 'no org id\n', 'refused-by-configuration'],
    [403, '', 'refused-by-configuration'],
    [404, '', 'refused-by-configuration'],
    [405, '', 'rejected 512'],
    [408, '', 'retryable'],
    [410, '', 'rejected 512'],
    [413, '', 'split too_large'],
    [422, 'error at least one valid stream is required for ingestion\n', 'refused-by-configuration'],
    [429, 'ingestion rate limit exceeded for user fake (limit: 4194304 bytes/sec)', 'throttled'],
    [429, '', 'throttled'],
    [499, '', 'retryable'],
    [500, 'empty ring\n', 'retryable'],
    [
      500,
      'rpc error: code = ResourceExhausted desc = grpc: received message larger than max (4502345 vs. 4194304)\n',
      'split too_large',
    ],
    [500, 'normalization for label name "é" resulted in invalid name "_"\n', 'split rejected'],
    [500, 'label name is empty\n', 'split rejected'],
    [502, '<html>', 'retryable'],
    [503, '', 'retryable'],
    [504, '', 'retryable'],
  ])('takes %i %j as %s', (status, body, expected) => {
    expect(outcome(classify(status, body))).toBe(expected);
  });

  it('never throws, and never refuses more records than there are', () => {
    const part = fc.constantFrom(
      TOO_OLD,
      TOO_NEW,
      TOO_LONG,
      TOO_MANY,
      TOO_MANY_LABELS,
      ignored(3, 4),
      '; ',
      '2 errors like: ',
      '9 errors like: ',
      'EOF',
      '"',
      '\n',
    );
    const body = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        body,
        fc.integer({ min: 1, max: 20 }),
        (status, text, recordCount) => {
          const verdict = classify(status, text, recordCount);
          expect(refusedCount(verdict) ?? 0).toBeLessThanOrEqual(recordCount);
          expect(verdict.outcome !== 'delivered' || status === 200 || status === 204).toBe(true);
        },
      ),
    );
  });

  it('reads a long text in no time, whatever is in it', () => {
    const hostile = `3 errors like: ${`stream '{a="${'\\"'.repeat(5000)}`.repeat(6)}`;
    expect(outcome(classify(400, hostile.slice(0, 65_536)))).toBe('split rejected');
  });
});

interface PushCase {
  readonly name: string;
  readonly request: { readonly body: string };
  readonly status: number;
  readonly response: string;
  readonly stored: readonly unknown[] | string;
}

describe('what a real Loki answered', () => {
  const vectors = JSON.parse(readFileSync(new URL('./vectors/loki-push.json', import.meta.url), 'utf8')) as {
    readonly cases: readonly PushCase[];
  };
  const answered = vectors.cases.filter(({ status }) => status === 400 || status === 500);

  it.each(answered.map((one) => [one.name, one] as const))('is taken for what it stored: %s', (_, one) => {
    const recordCount = one.request.body.split('["<').length - 1;
    const stored = typeof one.stored === 'string' ? 0 : one.stored.length;
    const verdict = classify(one.status, one.response, recordCount);
    // Nobody else can tell how many records a stream had that was refused whole; requests of ours hold one stream.
    const isStream = one.response.includes('label names; limit');
    expect(refusedCount(verdict) ?? recordCount).toBe(isStream ? recordCount : recordCount - stored);
  });
});

describe('LokiExportError', () => {
  it('has a stable name and the status, and quotes only what holds no line', () => {
    const error = errorOf(classify(400, `${TOO_OLD}\n`));
    expect(error).toBeInstanceOf(LokiExportError);
    expect(error).toMatchObject({ name: 'LokiExportError', statusCode: 400 });
    expect(error.message).toBe(`Loki refused 1 of 512 records (400): ${TOO_OLD}`);
  });

  it.each([
    [400, 'loghttp.PushRequest.Streams: ... bigger context ...|secret|...'],
    [500, 'secret'],
    [401, 'secret'],
    [405, 'secret'],
    [429, 'secret'],
  ])('does not quote what may hold one: %i', (status, body) => {
    expect(errorOf(classify(status, body)).message).not.toContain('secret');
  });

  it('takes control characters out of what it quotes', () => {
    const error = new LokiExportError(400, 'No', 'a\u001b[31m\r\nb');
    expect(error.message).toBe('No (400): a [31m b');
  });
});
