import type { IncomingHttpHeaders } from 'node:http';

import { decodeBody } from './content-encoding.ts';
import type { LokiLimits } from './limits.ts';
import { parseMediaType } from './media-type.ts';
import { decodeJsonPush } from './push-json.ts';
import { decodeProtobufPush } from './push-protobuf.ts';
import type { PushedStream } from './push-request.ts';
import { Refusal } from './refusal.ts';
import { decodeSnappy, snappySize } from './snappy.ts';

const checkSize = (size: number, max: number, message: string): void => {
  if (size <= max) return;
  throw new Refusal(413, `request body too large: ${message} too large than max (${size} vs ${max})`);
};

/**
 * Decodes a push by its headers. Everything that is not JSON is taken for protobuf in snappy.
 * @param body - what was sent, cut one byte behind the limit
 * @throws Refusal
 */
export const decodePush = async (
  headers: IncomingHttpHeaders,
  body: Buffer,
  { maxBodyBytes, maxDecompressedBytes }: LokiLimits,
): Promise<PushedStream[]> => {
  const decoded = await decodeBody(body, headers['content-encoding'] ?? '', maxDecompressedBytes);
  const isJson = parseMediaType(headers['content-type'] ?? '') === 'application/json';
  if (isJson) {
    return decodeJsonPush(decoded, (bytesRead) => {
      checkSize(decoded.data === body ? bytesRead : body.length, maxBodyBytes, 'message size');
      if (decoded.data !== body) checkSize(bytesRead, maxDecompressedBytes, 'decompressed message size');
    });
  }
  checkSize(Number(headers['content-length'] ?? body.length), maxBodyBytes, 'message size');
  if (decoded.readError !== undefined) throw new Refusal(400, decoded.readError);
  checkSize(snappySize(decoded.data), maxDecompressedBytes, 'decompressed message size');
  return decodeProtobufPush(decodeSnappy(decoded.data));
};
