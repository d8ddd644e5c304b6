import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { describe, expect, test } from 'vitest';

import { numberedPayload, numberedPayloads } from './numbered-payload.ts';
import { adoptAll, leaveBehind, openOutbox, putUntilRefused, temporaryDirectory } from './outbox-fixture.ts';

const NOBODY = 65534;
const IS_ROOT = process.geteuid?.() === 0;
const CHILD = [
  process.execPath,
  '--no-warnings',
  '--conditions=dev',
  fileURLToPath(new URL('./outbox-child.ts', import.meta.url)),
];

function runChild(args: readonly string[], { user, prefix = '' }: { user?: number; prefix?: string } = {}): string[] {
  const identity = user === undefined ? {} : { uid: user, gid: user };
  const command = `${prefix} exec ${[...CHILD, ...args].map((part) => `'${part}'`).join(' ')}`;
  const options = { cwd: '/', encoding: 'utf8', ...identity } as const;
  const { stdout, stderr }: SpawnSyncReturns<string> = spawnSync('sh', ['-c', command], options);
  expect(stderr).toBe('');
  return stdout.trimEnd().split('\n');
}

describe('SqliteOutbox on a disk that fails', () => {
  test('throws where its file is full, keeps what it has, and takes more once something was removed', () => {
    const { outbox } = openOutbox(temporaryDirectory(), { maxPages: 100 });
    const { count, error } = putUntilRefused(outbox, 20_000);
    expect(error).toMatchObject({ name: 'FileOutboxError', message: expect.stringContaining('full') });
    expect(count).toBeGreaterThan(10);
    for (let round = 0; round < 5; round += 1) {
      for (let id = 1; id <= count; id += 1) expect(outbox.read(id)).toEqual(numberedPayload(id, 20_000));
      for (let id = 1; id <= count; id += 1) outbox.remove(id);
      expect(putUntilRefused(outbox, 20_000).count).toBeGreaterThanOrEqual(count - 1);
    }
  });

  test('does so where files cannot grow any more', () => {
    const directory = temporaryDirectory();
    const lines = runChild([directory, 'full'], { prefix: 'ulimit -f 2000;' });
    expect(lines).toEqual([expect.stringContaining('refused FileOutboxError'), 'readable true', 'again true']);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('throws once where its directory was removed, has what was put, and makes a new one', () => {
    const directory = join(temporaryDirectory(), 'outbox');
    const { outbox } = openOutbox(directory);
    outbox.put(1, numberedPayload(1));
    rmSync(directory, { recursive: true });
    expect(() => outbox.put(2, numberedPayload(2))).toThrow('was removed by somebody else');
    outbox.put(2, numberedPayload(2));
    expect([outbox.read(1), outbox.read(2)]).toEqual(numberedPayloads(2));
    outbox.remove(1);
    outbox.put(3, numberedPayload(3));
    outbox.close();
    expect(adoptAll(openOutbox(directory).outbox)).toHaveLength(2);
  });

  test('copies what is in a file that was removed when it is closed', () => {
    const directory = join(temporaryDirectory(), 'outbox');
    const { outbox, problems } = openOutbox(directory);
    for (const id of [1, 2]) outbox.put(id, numberedPayload(id));
    rmSync(directory, { recursive: true });
    outbox.remove(1);
    outbox.close();
    const { outbox: next } = openOutbox(directory);
    expect(adoptAll(next).map(({ id }) => next.read(id))).toEqual([numberedPayload(2)]);
    expect(problems).toHaveLength(1);
  });

  test('notices where its file or its log was removed, or another put in its place', () => {
    for (const suffix of ['', '-wal']) {
      const directory = temporaryDirectory();
      const { outbox } = openOutbox(directory);
      outbox.put(1, numberedPayload(1));
      const path = join(directory, outbox.fileName + suffix);
      if (suffix === '') renameSync(path, `${path}.moved`);
      else unlinkSync(path);
      expect(() => outbox.put(2, numberedPayload(2))).toThrow('was removed by somebody else');
      outbox.put(2, numberedPayload(2));
      expect([outbox.read(1), outbox.read(2)]).toEqual(numberedPayloads(2));
      outbox.close();
      // What was in the log has been written to the file by then, and what was in the file was copied.
      expect(adoptAll(openOutbox(directory).outbox)).toHaveLength(2);
    }
  });

  test('tries once a second to make a file where it cannot', () => {
    const directory = join(temporaryDirectory(), 'outbox');
    mkdirSync(directory);
    chmodSync(directory, 0o777);
    let millis = 0;
    const { outbox } = openOutbox(directory, { now: () => millis });
    const put = (): void => outbox.put(1, numberedPayload(1));
    expect(put).toThrow('can be written to by other users');
    chmodSync(directory, 0o700);
    millis = 999;
    expect(put).toThrow('can be written to by other users');
    millis = 1000;
    put();
    expect(outbox.read(1)).toEqual(numberedPayload(1));
  });

  test('leaves all that was put to the next one where its process is killed', () => {
    const directory = temporaryDirectory();
    expect(runChild([directory, 'kill', '200'])).toEqual(['put 200']);
    const { outbox, problems } = openOutbox(directory);
    const adopted = adoptAll(outbox);
    expect(adopted.map(({ id }) => outbox.read(id))).toEqual(numberedPayloads(200, 20_000));
    for (const { id } of adopted) outbox.remove(id);
    expect(readdirSync(directory)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('has each payload once, however many processes put and take over in one directory', async () => {
    const directory = temporaryDirectory();
    const outputs = await Promise.all(
      [1, 2, 3].map(async (process) => {
        const [command = '', ...args] = CHILD;
        const child = spawn(command, [...args, directory, 'share', String(process)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        return (await child.stdout.setEncoding('utf8').toArray()).join('');
      }),
    );
    const { outbox, problems } = openOutbox(directory);
    const rest = adoptAll(outbox).map(({ takenAtMillis }) => takenAtMillis);
    const numbers = outputs.join('').trimEnd().split('\n').map(Number);
    expect([...numbers, ...rest].toSorted((a, b) => a - b)).toEqual(
      [1, 2, 3].flatMap((process) => Array.from({ length: 90 }, (_, index) => process * 1000 + index)),
    );
    expect(problems).toEqual([]);
  });

  test('leaves what a worker has put to the one that stands in for it', async () => {
    const directory = temporaryDirectory();
    const worker = new Worker(new URL('./outbox-worker.ts', import.meta.url), {
      workerData: directory,
      execArgv: ['--conditions=dev'],
    });
    const [fileName] = (await once(worker, 'message')) as [string];
    const { outbox } = openOutbox(directory, { fileName });
    expect(adoptAll(outbox)).toEqual([]);
    await worker.terminate();
    expect(adoptAll(outbox)).toMatchObject([{ isOwn: true }, { isOwn: true }]);
    expect([outbox.read(-1), outbox.read(-2)]).toEqual(numberedPayloads(2));
  });

  test.runIf(IS_ROOT)('throws where the directory is read-only, or belongs to another user', () => {
    const parent = temporaryDirectory();
    chmodSync(parent, 0o755);
    const directory = join(parent, 'outbox');
    mkdirSync(directory, { mode: 0o755 });
    // As root may have made it.
    expect(runChild([directory, 'try', '1'], { user: NOBODY })[0]).toMatch(/^refused FileOutboxError: .*EACCES/);
    chownSync(directory, NOBODY, NOBODY);
    chmodSync(directory, 0o500);
    expect(runChild([directory, 'try', '1'], { user: NOBODY })[0]).toMatch(/^refused FileOutboxError: .*EACCES/);
    chmodSync(directory, 0o700);
    expect(runChild([directory, 'try', '1'], { user: NOBODY })).toEqual(['put 1']);
    // The other user could put links in it, and root would follow.
    const { outbox, problems } = openOutbox(directory);
    expect(() => outbox.put(1, numberedPayload(1))).toThrow(`belongs to another user (${NOBODY})`);
    expect(adoptAll(outbox)).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  test.runIf(IS_ROOT)('leaves files of other users alone', () => {
    const directory = temporaryDirectory();
    const file = leaveBehind(directory, numberedPayloads(1));
    chownSync(file, NOBODY, NOBODY);
    const { outbox } = openOutbox(directory);
    expect(adoptAll(outbox)).toEqual([]);
    chownSync(file, 0, 0);
    expect(adoptAll(outbox)).toHaveLength(1);
  });
});
