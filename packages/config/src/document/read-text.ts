const { readFileSync, statSync } = process.getBuiltinModule('node:fs');

/** Largest file, in bytes: what is larger is something else, and would take seconds to parse. */
const MAX_FILE_BYTES = 256 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  ELOOP: 'its links lead back to themselves',
  ENOTDIR: 'there is no such file',
};

/** The text of a configuration file, or why there is none. */
export function readText(file: string): { readonly text: string } | { readonly problem: string } {
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) return { problem: 'it is a directory' };
    // It is read more than once, and must have an end.
    if (!stats.isFile()) return { problem: 'it is no regular file' };
    if (stats.size > MAX_FILE_BYTES) {
      return { problem: `it has ${stats.size} bytes, and a configuration has at most ${MAX_FILE_BYTES}` };
    }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { problem: 'it is no UTF-8 text' };
    return { problem: REASONS[code] ?? (error as Error).message };
  }
}
