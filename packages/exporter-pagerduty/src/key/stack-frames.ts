import { cutText } from '@spillway/core';

import { goFrame, javaScriptFrame, pythonFrame, type StackFrame } from './stack-frame.ts';

/** As many tell where it was thrown; further up, the same fault is reached in many ways. */
const MAX_FRAMES = 5;
/** Lines that are looked at, and how far into the text. */
const MAX_LINES = 128;
const MAX_UNITS = 16_384;

const PYTHON_TRACE = 'Traceback (most recent call last)';
const SEPARATOR = ' | ';

/**
 * The functions and files of the frames next to where an exception was thrown, up to five; those of libraries and of the
 * runtime only where there are no others. Empty where the text has no frames of a known form: JavaScript's, Java's, .NET's,
 * Python's and Go's are known. Numbers of lines and ids are still in it.
 */
export function topFrames(stack: string): string {
  const own: string[] = [];
  const foreign: string[] = [];
  const add = (frame: StackFrame | undefined): boolean => {
    if (frame?.isForeign === false) own.push(frame.text);
    else if (frame !== undefined && foreign.length < MAX_FRAMES) foreign.push(frame.text);
    return own.length < MAX_FRAMES;
  };
  if (stack.startsWith(PYTHON_TRACE) || stack.includes(`\n${PYTHON_TRACE}`)) readUpwards(stack, add);
  else readDownwards(stack, add);
  return (own.length > 0 ? own : foreign).join(SEPARATOR);
}

/** Takes a frame, or undefined for a line that is none, and answers whether there may be more. */
type FrameSink = (frame: StackFrame | undefined) => boolean;

function readDownwards(stack: string, add: FrameSink): void {
  const text = cutText(stack, MAX_UNITS);
  let [start, startBefore] = [0, 0];
  for (let lines = 0; lines < MAX_LINES && start < text.length; lines += 1) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const frame = javaScriptFrame(text, start, end) ?? goFrame(text, startBefore, start, end);
    if (!add(frame)) return;
    startBefore = start;
    start = end + 1;
  }
}

/** Python writes the frame last that has thrown. */
function readUpwards(stack: string, add: FrameSink): void {
  const text = stack.slice(-MAX_UNITS);
  let end = text.length;
  for (let lines = 0; lines < MAX_LINES && end > 0; lines += 1) {
    const newline = text.lastIndexOf('\n', end - 1);
    if (!add(pythonFrame(text.slice(newline + 1, end)))) return;
    end = newline;
  }
}
