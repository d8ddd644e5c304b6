import { cpus } from 'node:os';

/** What the figures of a run depend on, in a line. */
export function machineLine(): string {
  const [{ model } = { model: 'unknown' }] = cpus();
  return `${model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
}

/** Prints a table in Markdown. The first column is text, all others are figures. */
export function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  printRow(heads);
  printRow(heads.map((_, index) => (index === 0 ? '---' : '---:')));
  for (const row of rows) printRow(row);
  console.log();
}

function printRow(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}
