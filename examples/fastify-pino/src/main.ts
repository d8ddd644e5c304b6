import { openLoki, startApp } from '@spillway/example-shared';

const loki = await openLoki();
const app = startApp(
  ['--import', '@spillway/config/register', '--import', './src/instrumentation.ts', './src/app.ts'],
  { SPILLWAY_CONFIG_FILE: 'spillway.yaml', LOKI_URL: loki.url },
);
const address = await app.address;
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
await fetch(`${address}/orders/7`, { headers: { traceparent } });
await fetch(`${address}/orders/404`);
if (!process.argv.includes('--stay')) app.stop();
process.exitCode = await app.ended;
await loki.printLines('{service_name="shop"}', ['orderId', 'trace_id']);
await loki.close();
