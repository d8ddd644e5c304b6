/** What the server tells its page, as JSON in an attribute of the body. */
export interface PageSettings {
  readonly basePath: string;
  readonly traceUrl?: string;
}

export function readPageSettings(): PageSettings {
  return JSON.parse(document.body.dataset['settings'] ?? '') as PageSettings;
}
