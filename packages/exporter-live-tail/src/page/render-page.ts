import { MARKUP, SCRIPT, STYLE } from './page-assets.ts';

export interface RenderPageOptions {
  /** What the Content-Security-Policy of this answer allows: `script-src 'nonce-…'; style-src 'nonce-…'`. */
  readonly nonce: string;
  readonly settings: {
    readonly basePath: string;
    /** Address of a trace in another program, with `{trace_id}` in it. */
    readonly traceUrl?: string | undefined;
  };
}

/**
 * The page of the tail: one document, which needs nothing else and holds no data. It works under
 * `default-src 'none'; script-src 'nonce-…'; style-src 'nonce-…'; connect-src 'self'; require-trusted-types-for 'script'`.
 */
export function renderPage({ nonce, settings }: RenderPageOptions): string {
  const attribute = escapeAttribute(nonce);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta name="referrer" content="no-referrer">
<title>Live tail</title>
<style nonce="${attribute}">${STYLE}</style>
</head>
<body data-settings="${escapeAttribute(JSON.stringify(settings))}">
${MARKUP}
<script type="module" nonce="${attribute}">${SCRIPT}</script>
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
