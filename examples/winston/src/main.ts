import { openLoki, startApp } from '@spillway/example-shared';

const loki = await openLoki();
const app = startApp(
  ['--import', '@spillway/config/register', '--import', './src/instrumentation.ts', './src/app.ts'],
  { SPILLWAY_CONFIG_FILE: 'spillway.yaml', LOKI_URL: loki.url },
);
process.exitCode = await app.ended;
await loki.printLines('{service_name="shop"}', ['tills', 'till', 'item', 'left', 'exception_type']);
await loki.close();
