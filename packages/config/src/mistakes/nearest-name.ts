/** Longest names that are compared: the work grows with the square of their length. */
const MAX_NAME_CHARACTERS = 64;

/** Letters that two words must have in common at their beginning for one to be short for the other: `err`, `warning`. */
const MIN_COMMON_CHARACTERS = 3;

/** The name that was probably meant: the one with the fewest edits, if these are few for its length. */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  if (name.length > MAX_NAME_CHARACTERS) return undefined;
  let nearest: string | undefined;
  let best = Infinity;
  for (const candidate of names) {
    const [typed, known] = [name.toLowerCase(), candidate.toLowerCase()];
    const distance = editDistance(typed, known);
    if (distance >= best || (distance > maxEdits(known) && !areShort(typed, known))) continue;
    [nearest, best] = [candidate, distance];
  }
  return nearest;
}

function maxEdits(name: string): number {
  return Math.max(1, Math.floor(name.length / 3));
}

/** Whether one is the beginning of the other. */
function areShort(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length);
  return length >= MIN_COMMON_CHARACTERS && one.slice(0, length) === other.slice(0, length);
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text of another (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      let edits = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (isSame ? 0 : 1));
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) edits = Math.min(edits, at(beforeLast, column - 2) + 1);
      current.push(edits);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
