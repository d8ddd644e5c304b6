// Installs the packed packages with one version of the OTel SDK in an empty folder, and logs through them.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SDKS = {
  lowest: ['@opentelemetry/sdk-logs@3.1.0', '@opentelemetry/resources@3.1.0', '@opentelemetry/api@1.10.0'],
  newest: ['@opentelemetry/sdk-logs@^3.1.0', '@opentelemetry/resources@^3.1.0', '@opentelemetry/api@^1.10.0'],
  0.223: ['@opentelemetry/sdk-logs@~0.223.0', '@opentelemetry/api-logs@~0.223.0', '@opentelemetry/api@~1.9.0'],
};

const [tarballs, folder, sdk] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
const files = readdirSync(tarballs).map((file) => resolve(tarballs, file));
// The 0.223 line is outside the peer ranges on purpose: it works, but only this one test proves it.
const peers = sdk === '0.223' ? ['--legacy-peer-deps'] : ['--strict-peer-deps'];
const install = [
  'install',
  '--silent',
  '--no-audit',
  '--no-fund',
  '--engine-strict=false',
  ...peers,
  ...SDKS[sdk],
  ...files,
];
execFileSync('npm', install, { cwd: folder, stdio: 'inherit' });
// Of the 0.223 line only processors and exporters are promised.
const programs = sdk === '0.223' ? ['consumer.mjs'] : ['consumer.mjs', 'configured.mjs'];
for (const program of programs) {
  copyFileSync(join('test/smoke', program), join(folder, program));
  execFileSync(process.execPath, [program], { cwd: folder, stdio: 'inherit', timeout: 60_000 });
}
