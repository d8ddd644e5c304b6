/** Bundles for pages have `browser-fast-encoding.ts` in its place. */
export { addQuickly } from './add-quickly.ts';
export { FastRecord } from './fast-record.ts';
export { type OriginTexts, prepareTexts } from './origin-texts.ts';
