const module = process.getBuiltinModule('node:module');
const path = process.getBuiltinModule('node:path');

/** Thrown where a package is not installed that only some configurations need. */
class MissingPackageError extends Error {
  constructor(name: string) {
    super(`Expected the package \`${name}\` to be installed: npm install ${name}`);
    this.name = 'MissingPackageError';
  }
}

/** A package that is there. Packages that it brings along are found from where it is. @throws MissingPackageError */
export function findOptional(name: string): {
  readonly load: () => unknown;
  readonly loadOwn: (own: string) => unknown;
} {
  for (const require of requirers()) {
    const file = resolve(require, name);
    if (file === undefined) continue;
    return { load: () => require(file) as unknown, loadOwn: (own) => module.createRequire(file)(own) as unknown };
  }
  throw new MissingPackageError(name);
}

/** From here, and from the application: a command line is installed elsewhere. */
function requirers(): readonly NodeJS.Require[] {
  return [module.createRequire(import.meta.url), module.createRequire(path.join(process.cwd(), 'package.json'))];
}

function resolve(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}
