import { cutText } from '@spillway/core';

/** What is kept of a frame. */
export interface StackFrame {
  /** Its function and the name of its file. */
  readonly text: string;
  /** Whether it is code of others: of the runtime, of a library, or a call that the runtime makes. */
  readonly isForeign: boolean;
}

const MAX_FRAME_UNITS = 256;

const TAB = 0x09;
const BLANK = 0x20;

/** Begin the places of what is no code of the application, such as `node:internal/timers` and `Array.map (<anonymous>)`. */
const RUNTIME_PLACES: readonly string[] = ['node:', '<anonymous>', 'index ', 'native'];
/** Directories of the code of others, by language. */
const NODE_DIRECTORIES: readonly string[] = ['/node_modules/', '\\node_modules\\'];
const PYTHON_DIRECTORIES: readonly string[] = ['-packages/', '-packages\\', '/lib/python'];
const GO_DIRECTORIES: readonly string[] = ['/pkg/mod/', '/src/runtime/'];

/** A frame of JavaScript, Java or .NET: `at name (place)`, `at place`, or `at name(arguments) in place`. */
export function javaScriptFrame(text: string, lineStart: number, end: number): StackFrame | undefined {
  const start = contentStart(text, lineStart);
  if (!text.startsWith('at ', start)) return undefined;
  const call = text.slice(start + 3, end).trimEnd();
  const bracket = call.indexOf('(');
  if (bracket !== -1 && call.endsWith(')')) {
    return frameOf(call.slice(0, bracket).trimEnd(), call.slice(bracket + 1, -1), NODE_DIRECTORIES);
  }
  const dotNetPlace = bracket === -1 ? -1 : call.indexOf(') in ', bracket);
  if (dotNetPlace !== -1) return frameOf(call.slice(0, bracket), call.slice(dotNetPlace + 5), NODE_DIRECTORIES);
  return frameOf('', call.startsWith('async ') ? call.slice(6) : call, NODE_DIRECTORIES);
}

/** A frame of Go: a line with the call, whose arguments are addresses, and an indented one with the place. */
export function goFrame(text: string, callStart: number, lineStart: number, end: number): StackFrame | undefined {
  const start = contentStart(text, lineStart);
  if (start === lineStart || callStart === lineStart) return undefined;
  const line = text.slice(start, end);
  const place = line.indexOf('.go:');
  if (place === -1) return undefined;
  const call = text.slice(callStart, lineStart);
  return frameOf(call.slice(0, Math.max(call.lastIndexOf('('), 0)), line.slice(0, place + 3), GO_DIRECTORIES);
}

/** A frame of Python: `File "place", line 5, in name`. */
export function pythonFrame(line: string): StackFrame | undefined {
  const start = contentStart(line, 0);
  if (!line.startsWith('File "', start)) return undefined;
  const end = line.indexOf('"', start + 6);
  if (end === -1) return undefined;
  const name = line.indexOf(', in ', end);
  return frameOf(name === -1 ? '' : line.slice(name + 5), line.slice(start + 6, end), PYTHON_DIRECTORIES);
}

/** Of the place the file alone counts: directories tell where it is installed. */
function frameOf(name: string, place: string, libraries: readonly string[]): StackFrame {
  const file = place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1);
  const text = cutText(`${name} ${file}`.trim(), MAX_FRAME_UNITS);
  return { text, isForeign: isForeign(place, libraries) };
}

function isForeign(place: string, libraries: readonly string[]): boolean {
  for (const beginning of RUNTIME_PLACES) if (place.startsWith(beginning)) return true;
  for (const directory of libraries) if (place.includes(directory)) return true;
  return false;
}

function contentStart(text: string, lineStart: number): number {
  let start = lineStart;
  while (text.charCodeAt(start) === BLANK || text.charCodeAt(start) === TAB) start += 1;
  return start;
}
