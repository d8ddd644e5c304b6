import { startApp } from '@spillway/example-shared';

const environment = { SPILLWAY_CONFIG_FILE: 'spillway.yaml' };
process.exitCode = await startApp(['--import', '@spillway/config/register', './src/app.ts'], environment).ended;
