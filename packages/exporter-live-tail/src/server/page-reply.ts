import { renderPage } from '../page/render-page.ts';
import type { Reply } from './reply.ts';

export interface PageSettings {
  /** Path of the page, with a slash at its end. */
  readonly basePath: string;
  readonly traceUrl: string | undefined;
}

const NONCE_BYTES = 16;

/** The page: it has no data, and can load nothing but what it has and what this server tells it. */
export function pageReply(settings: PageSettings): Reply {
  const nonce = process.getBuiltinModule('node:crypto').randomBytes(NONCE_BYTES).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
  return { status: 200, headers, body: renderPage({ nonce, settings }) };
}
