import { type NodePath, pointerPath } from '../mistakes/node-path.ts';

/** What the library says of a place in the file. */
export interface Complaint {
  readonly path: NodePath;
  readonly text: string;
}

const INVALID = /^Invalid OpenTelemetry config file: /;
/** A JSON pointer and a sentence without an end: `/tracer_provider must be object`. */
const LINE = /^\s*(?<pointer>(?:\/.*?)?) (?<text>(?:must|property name) .*)$/;

/** The complaints of the library about places; none where it complains about the whole. */
export function placedComplaints(message: string, model: unknown): readonly Complaint[] {
  if (!INVALID.test(message)) return [];
  return message
    .replace(INVALID, '')
    .split('\n')
    .flatMap((line): Complaint[] => {
      const { pointer = '', text } = LINE.exec(` ${line}`)?.groups ?? {};
      return text === undefined ? [] : [{ path: pointerPath(pointer, model), text }];
    });
}

/** The message of the library without what it begins with, for what is not about a place. */
export function bareComplaint(message: string): string {
  return message.replace(INVALID, '').replace(/\.$/, '');
}
