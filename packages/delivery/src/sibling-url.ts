/** Nothing is there: whoever looks for a program finds that it is missing. */
const NOWHERE = 'file:///';

/**
 * Address of a module that stands beside another one, in a folder of sources as in a built package.
 *
 * @param moduleUrl `import.meta.url` of the one, which a bundle in CommonJS does not have
 * @param name of the other, without its ending
 */
export function siblingUrl(moduleUrl: string | undefined, name: string): string {
  return new URL(`./${name}${moduleUrl?.endsWith('.ts') ? '.ts' : '.js'}`, moduleUrl ?? NOWHERE).href;
}
