export { type App, startApp } from './app.ts';
export { type Loki, openLoki } from './loki.ts';
