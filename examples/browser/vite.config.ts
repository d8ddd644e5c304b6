import { defaultClientConditions, defineConfig } from 'vite';

import { lokiBackend } from './server/loki-backend.ts';

export default defineConfig({
  plugins: [lokiBackend()],
  // In this repository packages run from their sources; an application of yours needs no such thing.
  resolve: { conditions: ['dev', ...defaultClientConditions] },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
  build: { target: 'es2023', rolldownOptions: { input: ['index.html', 'about.html'] } },
});
