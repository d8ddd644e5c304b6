// Packs every package into a folder, as it would be published, and checks what is inside.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// What is off the path of a record may have dependencies: these.
const FOREIGN = {
  cli: ['yaml'],
  config: ['@opentelemetry/configuration', 'ajv', 'yaml'],
  delivery: ['idb'],
  'exporter-live-tail': ['ws'],
};

const [target] = process.argv.slice(2);
mkdirSync(target, { recursive: true });
for (const name of readdirSync('packages').filter((entry) => existsSync(join('packages', entry, 'package.json')))) {
  const folder = join('packages', name);
  execFileSync('pnpm', ['pack', '--pack-destination', target], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const tarball = readdirSync(target).find((file) => file.startsWith(`spillway-${name}-`));
  const read = (file) => execFileSync('tar', ['-xOf', join(target, tarball), `package/${file}`], { encoding: 'utf8' });
  const manifest = JSON.parse(read('package.json'));
  const text = JSON.stringify([manifest.exports, manifest.bin, manifest.dependencies, manifest.peerDependencies]);
  if (/workspace:|catalog:|\.\/src\//.test(text)) throw new Error(`${name} would be published with ${text}`);
  const foreign = Object.keys(manifest.dependencies ?? {}).filter(
    (dependency) => !dependency.startsWith('@spillway/') && !FOREIGN[name]?.includes(dependency),
  );
  if (foreign.length > 0) throw new Error(`${name} depends on ${foreign.join(', ')} at run time`);
  for (const file of ['README.md', 'LICENSE', ...filesOf(manifest)]) read(file);
  console.log(`${manifest.name}: ${readFileSync(join(target, tarball)).byteLength} bytes`);
}

/** The files that the manifest names, and the types of its modules. */
function filesOf({ bin = {}, exports }) {
  const files = [...Object.values(exports), ...Object.values(bin)].map((file) => file.replace('./', ''));
  const modules = Object.values(exports).filter((file) => file.endsWith('.js'));
  return [...files, ...modules.map((file) => file.replace('./', '').replace(/\.js$/, '.d.ts'))];
}
