import type { Compressor } from '@spillway/delivery';

import { snappyCompress } from './snappy-compress.ts';
import { snappyExpand } from './snappy-expand.ts';

/** The only compression that remote write knows. On the caller's thread: it is faster than handing a body to another one. */
export const snappyCompressor: Compressor = {
  contentEncoding: 'snappy',
  compress: async (body) => snappyCompress(body),
  compressNow: snappyCompress,
  expand: async (body) => snappyExpand(body),
};
