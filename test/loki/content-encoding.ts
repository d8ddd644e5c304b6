import { promisify } from 'node:util';
import { constants, crc32, gunzip, inflateRaw, type ZlibOptions } from 'node:zlib';

import { quoteGo } from './go-text.ts';
import { inflateDamaged } from './inflate.ts';
import { Refusal } from './refusal.ts';

const gunzipAsync = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const inflateRawAsync = promisify<Buffer, ZlibOptions, Buffer>(inflateRaw);

/** A body without its content encoding. */
export interface DecodedBody {
  readonly data: Buffer;
  /** What reading on after `data` reports; the plain end of the body when absent. */
  readonly readError?: string;
}

/**
 * Takes the content encoding off a body. `deflate` is raw DEFLATE without zlib's wrapping. `snappy` is ignored here: it belongs to the
 * protobuf format. What is damaged further on is read up to there, as a JSON request that is complete by then is accepted.
 */
export const decodeBody = async (
  body: Buffer,
  encoding: string,
  maxDecompressedBytes: number,
): Promise<DecodedBody> => {
  if (encoding === '' || encoding === 'snappy') return { data: body };
  const options: ZlibOptions = { maxOutputLength: Math.min(maxDecompressedBytes, constants.Z_MAX_CHUNK) };
  try {
    if (encoding === 'gzip') return { data: await gunzipAsync(body, options) };
    if (encoding === 'deflate') return { data: await inflateRawAsync(body, options) };
  } catch {
    if (encoding === 'gzip') return gunzipDamaged(body, maxDecompressedBytes + 1);
    const { data, error: readError } = inflateDamaged(body, maxDecompressedBytes + 1);
    return { data, ...(readError !== undefined && { readError }) };
  }
  throw new Refusal(400, `Content-Encoding ${quoteGo(encoding)} not supported`);
};

/** Reads one member after the other, up to the damage or to `maxBytes`. */
const gunzipDamaged = (body: Buffer, maxBytes: number): DecodedBody => {
  const parts: Buffer[] = [];
  let left = maxBytes;
  let readError: string | undefined;
  for (let offset = 0; readError === undefined && (offset < body.length || offset === 0);) {
    const header = gzipHeaderBytes(body.subarray(offset));
    if (typeof header === 'string') {
      // Without a first header there is no reader at all, and nothing else is looked at.
      if (offset === 0) throw new Refusal(400, header);
      readError = header;
      break;
    }
    const { data, consumed, error } = inflateDamaged(body.subarray(offset + header), left);
    parts.push(data);
    left -= data.length;
    if (left === 0) break;
    offset += header + consumed + GZIP_TRAILER_BYTES;
    if (error !== undefined) readError = error;
    else if (offset > body.length) readError = 'unexpected EOF';
    else if (!isChecked(data, body.subarray(offset - GZIP_TRAILER_BYTES))) readError = 'gzip: invalid checksum';
  }
  return { data: Buffer.concat(parts), ...(readError !== undefined && { readError }) };
};

const isChecked = (data: Buffer, trailer: Buffer): boolean =>
  crc32(data) === trailer.readUInt32LE(0) && data.length % 2 ** 32 === trailer.readUInt32LE(4);

const GZIP_HEADER_BYTES = 10;
const GZIP_TRAILER_BYTES = 8;
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const;

/** Length of the header (https://www.rfc-editor.org/rfc/rfc1952), or why there is none. */
const gzipHeaderBytes = (body: Buffer): number | string => {
  if (body.length === 0) return 'EOF';
  if (body.length < GZIP_HEADER_BYTES) return 'unexpected EOF';
  if (body[0] !== 0x1f || body[1] !== 0x8b || body[2] !== 8) return 'gzip: invalid header';
  const flags = body[3] as number;
  let offset = GZIP_HEADER_BYTES;
  if ((flags & FLAG.extra) !== 0) offset += 2 + (offset + 2 <= body.length ? body.readUInt16LE(offset) : 0);
  for (const flag of [FLAG.name, FLAG.comment]) {
    if ((flags & flag) === 0) continue;
    const end = body.indexOf(0, offset);
    if (end === -1) return 'unexpected EOF';
    offset = end + 1;
  }
  if (offset + ((flags & FLAG.headerCrc) === 0 ? 0 : 2) > body.length) return 'unexpected EOF';
  if ((flags & FLAG.headerCrc) === 0) return offset;
  const isIntact = body.readUInt16LE(offset) === (crc32(body.subarray(0, offset)) & 0xffff);
  return isIntact ? offset + 2 : 'gzip: invalid header';
};
