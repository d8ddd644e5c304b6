import fastify from 'fastify';

const app = fastify({ logger: { base: null } });

app.get<{ Params: { id: string } }>('/orders/:id', async ({ params, log }, reply) => {
  if (params.id === '404') {
    log.warn({ orderId: params.id }, 'no such order');
    return reply.code(404).send({ error: 'no such order' });
  }
  log.info({ orderId: params.id }, 'order read');
  return { id: params.id, item: 'jam' };
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void app.close());
await app.listen({ port: Number(process.env['PORT'] ?? 0) });
