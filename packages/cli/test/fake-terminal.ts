import type { Terminal } from '../src/terminal.ts';

/** A terminal whose texts can be read, and waited for. */
export interface FakeTerminal extends Terminal {
  /** What was asked for. */
  readonly shown: () => string;
  /** What was said about it. */
  readonly said: () => string;
  /** Resolves when the texts meet a condition. */
  readonly until: (condition: () => boolean) => Promise<void>;
  /** Ends the command. */
  readonly end: () => void;
  /** Makes the output one that nobody reads. */
  readonly stall: (bytes: number) => void;
}

export function fakeTerminal(): FakeTerminal {
  const ended = new AbortController();
  const texts = { out: '', err: '' };
  const waiting = new Set<() => void>();
  let writableLength = 0;
  const output = (name: keyof typeof texts): Terminal['out'] => ({
    write: (text) => {
      texts[name] += text;
      for (const look of waiting) look();
    },
    get writableLength() {
      return writableLength;
    },
  });
  return {
    out: output('out'),
    err: output('err'),
    signal: ended.signal,
    shown: () => texts.out,
    said: () => texts.err,
    until: (condition) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!condition()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    end: () => ended.abort(),
    stall: (bytes) => {
      writableLength = bytes;
    },
  };
}
