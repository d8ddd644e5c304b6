interface RenderPage {
  readonly renderPage: (options: {
    nonce: string;
    settings: { basePath: string; traceUrl?: string | undefined };
  }) => string;
}

/** The page is no part of what its package exports: only its server needs it. */
const SOURCE = new URL('../../packages/exporter-live-tail/src/page/render-page.ts', import.meta.url).href;

export const { renderPage } = (await import(SOURCE)) as RenderPage;
