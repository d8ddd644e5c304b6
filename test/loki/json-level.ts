import { JsonWalkError, eachMember } from './json-walker.ts';

const FOUND = new Error('found');

/** The first member with one of `names` and a string as value, depth first, as written between its quotes. */
export const jsonLevel = (line: string, names: ReadonlySet<string>, maxDepth: number): string | undefined => {
  const data = Buffer.from(line);
  let level: string | undefined;
  const search = (from: number, end: number, depth: number): void => {
    if (maxDepth > 0 && depth >= maxDepth) return;
    eachMember(data, from, end, (key, kind, start, stop) => {
      if (kind === 'object') search(start, stop, depth + 1);
      if (kind !== 'string' || !names.has(key)) return;
      level = data.toString('utf8', start, stop);
      throw FOUND;
    });
  };
  try {
    search(0, data.length, 0);
  } catch (error) {
    if (error !== FOUND && !(error instanceof JsonWalkError)) throw error;
  }
  return level;
};
