// What a configuration file does, on the packages as they are published: in code, before an application, and at the command line.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { createLoggerProvider } from '@spillway/config';
import { Logger, recordingHandler } from '@spillway/logger';

const FILE = 'spillway.yaml';
const modelOf = (exporter) => ({
  file_format: '1.1',
  logger_provider: { processors: [{ hybrid: { exporter: { [exporter]: null } } }] },
});
// JSON is YAML too.
const write = (model) => writeFileSync(FILE, JSON.stringify(model, undefined, 2));

const createComponent = () => new InMemoryLogRecordExporter();
const components = [{ type: 'LogRecordExporter', name: 'memory', createComponent }];
write(modelOf('memory'));
for (const source of [modelOf('memory'), FILE]) {
  const made = {};
  const onComponent = (component, { name }) => (made[name] = component);
  const provider = createLoggerProvider(source, { components, onComponent });
  await new Logger({ name: 'smoke', provider }).info('order taken', 'orders', { order: 7 });
  await provider.forceFlush();
  const [{ body, attributes }] = made.memory.getFinishedLogRecords();
  assert.deepEqual([body, attributes], ['order taken', { 'log.topic': 'smoke.orders', order: 7 }]);
  assert.equal(made.hybrid.stats().passed, 1);
  await provider.shutdown();
}

const recording = recordingHandler();
await new Logger({ name: 'smoke', handlers: [recording] }).warn('stock is low');
assert.equal(recording.records[0].severityText, 'WARN');

/** Runs a program as somebody would at a prompt, on this Node. */
function run(program, args) {
  const environment = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, SPILLWAY_CONFIG_FILE: FILE };
  return spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...environment } });
}

// ES modules and CommonJS, both untouched.
write(modelOf('console'));
const script = "new Logger({ name: 'app' }).error('order failed'); process.exit(3);";
for (const [type, load] of [
  ['module', "import { Logger } from '@spillway/logger';"],
  ['commonjs', "const { Logger } = require('@spillway/logger');"],
]) {
  const args = ['--import', '@spillway/config/register', `--input-type=${type}`, '--eval', `${load} ${script}`];
  const { status, stdout, stderr } = run('node', args);
  assert.deepEqual({ status, stderr }, { status: 3, stderr: '' });
  assert.match(stdout, /body: 'order failed'/);
}

const command = 'node_modules/.bin/spillway';
const { status, stdout } = run(command, ['validate', FILE]);
assert.deepEqual({ status, stdout }, { status: 0, stdout: `${FILE}: no mistakes\n` });
write(modelOf('consol'));
const wrong = run(command, ['validate', FILE]);
assert.equal(wrong.status, 1);
assert.match(wrong.stdout, /^spillway\.yaml:\d+:\d+: .* Did you mean `console`\?$/m);

const require = createRequire(import.meta.url);
assert.equal(require('@spillway/config').createLoggerProvider, createLoggerProvider);
assert.equal(require('@spillway/config/schema.json').type, 'object');
console.log(`a configuration file and a command line on Node ${process.version}`);
