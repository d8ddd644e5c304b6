import type { Verdict } from '@spillway/delivery';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PROTOCOL_HEADERS, remoteWriteBackend } from '../../src/remote-write-backend.ts';
import { RemoteWriteExportError } from '../../src/remote-write/remote-write-export-error.ts';

function classify(status: number, body = ''): Verdict {
  return remoteWriteBackend.classify({ status, body }, { recordCount: 500 });
}

/** An outcome in few words. */
function outcome(verdict: Verdict): string {
  switch (verdict.outcome) {
    case 'rejected':
      return `rejected ${verdict.rejectedCount}`;
    case 'retryable':
      if (verdict.isUnavailable === true) return 'unavailable';
      return verdict.throttled ? 'throttled' : 'retryable';
    case 'split':
      return `split ${verdict.reason}`;
    default:
      return verdict.outcome;
  }
}

describe('remoteWriteBackend.classify', () => {
  // The texts are those of Prometheus 2.42 and 3.x.
  it.each<[status: number, body: string, expected: string]>([
    [200, '', 'delivered'],
    [202, '', 'delivered'],
    [204, '', 'delivered'],
    [400, 'out of order sample\n', 'split rejected'],
    [400, 'duplicate sample for timestamp\n', 'split rejected'],
    [400, 'too old sample\n', 'split rejected'],
    [400, 'out of bounds\n', 'rejected 500'],
    [400, 'out of bounds: timestamp is too far in the future\n', 'rejected 500'],
    [400, 'label "out of bounds" is too long\n', 'split rejected'],
    [400, 'snappy: corrupt input\n', 'rejected 500'],
    [400, 'proto: WriteRequest: illegal tag 0 (wire type 1)\n', 'rejected 500'],
    [400, '<html><h1>400 Bad Request</h1></html>', 'refused-by-configuration'],
    [400, "received a series with duplicate label name, label: 'a'", 'split rejected'],
    [400, '', 'split rejected'],
    [401, '', 'refused-by-configuration'],
    [403, '', 'refused-by-configuration'],
    [404, '404 page not found\n', 'refused-by-configuration'],
    [
      404,
      'remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n',
      'refused-by-configuration',
    ],
    [405, 'Method Not Allowed\n', 'refused-by-configuration'],
    [407, '', 'refused-by-configuration'],
    [408, '', 'retryable'],
    [409, '', 'split rejected'],
    [413, '', 'split too_large'],
    [413, '<html><h1>413 Request Entity Too Large</h1></html>', 'split too_large'],
    [415, '', 'refused-by-configuration'],
    [422, '', 'split rejected'],
    [425, '', 'retryable'],
    [429, '', 'throttled'],
    [499, '', 'retryable'],
    [500, 'label name "a" is not unique: invalid sample\n', 'retryable'],
    [500, 'out of order sample\n', 'retryable'],
    [500, '', 'retryable'],
    [502, '<html>', 'unavailable'],
    [503, '', 'unavailable'],
    [504, '', 'unavailable'],
    [529, '', 'retryable'],
  ])('takes %i %j as %s', (status, body, expected) => {
    expect(outcome(classify(status, body))).toBe(expected);
  });

  it('never throws, takes nothing but 2xx for success, and never sends a refusal of the receiver again', () => {
    const body = fc.oneof(
      fc.string(),
      fc.constantFrom('out of bounds', 'snappy: ', ': invalid sample', ' <', 'x'.repeat(65_536)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), body, (status, text) => {
        const { outcome: kind } = classify(status, text);
        expect(kind === 'delivered').toBe(status < 300);
        expect(kind !== 'retryable' || status >= 500 || [408, 425, 429, 499].includes(status)).toBe(true);
      }),
    );
  });

  it('gives an error with a stable name, the status, and what the receiver said', () => {
    const error = errorOf(classify(400, 'out of order\r\n sample\n'));
    expect(error).toBeInstanceOf(RemoteWriteExportError);
    expect(error).toMatchObject({ name: 'RemoteWriteExportError', statusCode: 400 });
    expect(error.message).toBe('The receiver refused a request (400): out of order  sample');
    expect(errorOf(classify(503)).message).toBe('The receiver is not available (503)');
    expect(errorOf(classify(500, 'x'.repeat(1000))).message.length).toBeLessThan(300);
  });

  it.each([401, 403, 404, 405, 407, 415])('does not quote what is in front of the receiver: %i', (status) => {
    expect(errorOf(classify(status, 'authorization: secret')).message).not.toContain('secret');
  });

  it.each([400, 413, 429, 502])('does not quote a page: %i', (status) => {
    expect(errorOf(classify(status, '\n<html>secret')).message).not.toContain('secret');
  });
});

function errorOf(verdict: Verdict): Error {
  if (verdict.outcome === 'delivered') throw new Error('Expected an error.');
  return verdict.error;
}

describe('remoteWriteBackend', () => {
  it('compresses by snappy, and expands what is to be cut', async () => {
    const body = new TextEncoder().encode('spillway '.repeat(20));
    const compressed = await remoteWriteBackend.compressor?.compress(body);
    expect(compressed?.length).toBeLessThan(body.length);
    expect(await remoteWriteBackend.compressor?.expand(compressed ?? body)).toEqual(body);
    expect(remoteWriteBackend.compressor?.contentEncoding).toBe('snappy');
  });

  it('says what bodies are', () => {
    expect(remoteWriteBackend).toMatchObject({ id: 'prometheus-remote-write', contentType: 'application/x-protobuf' });
    expect(remoteWriteBackend.isOrdered).toBe(true);
    expect(PROTOCOL_HEADERS).toEqual({ 'x-prometheus-remote-write-version': '0.1.0' });
  });
});
