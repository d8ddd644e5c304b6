/**
 * Address of a module that stands beside another one, in a folder of sources as in a built package.
 *
 * @param moduleUrl `import.meta.url` of the one
 * @param name of the other, without its ending
 */
export function siblingUrl(moduleUrl: string, name: string): string {
  return new URL(`./${name}${moduleUrl.endsWith('.ts') ? '.ts' : '.js'}`, moduleUrl).href;
}
