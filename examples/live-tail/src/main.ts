import { parseArgs } from 'node:util';

import { openLoki, startApp } from '@spillway/example-shared';

const { values } = parseArgs({ options: { seconds: { type: 'string' } } });

const loki = await openLoki();
const environment = { SPILLWAY_CONFIG_FILE: 'spillway.yaml', LOKI_URL: loki.url };
const app = startApp(['--import', '@spillway/config/register', './src/app.ts'], environment);
let isOver = false;
if (values.seconds !== undefined) {
  setTimeout(
    () => {
      isOver = true;
      app.stop();
    },
    Number(values.seconds) * 1000,
  ).unref();
}
const exitCode = await app.ended;
process.exitCode = isOver ? 0 : exitCode;
await loki.close();
