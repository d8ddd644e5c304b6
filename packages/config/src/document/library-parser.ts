import { parseConfigFile } from '@opentelemetry/configuration';
import { Document, isMap, isScalar, visit } from 'yaml';

import { OTHER_SECTIONS } from './file-sections.ts';

const { mkdtempSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { tmpdir } = process.getBuiltinModule('node:os');
const path = process.getBuiltinModule('node:path');

/** Wrong references that are looked for one by one: the library tells of one at a time. */
const MAX_WRONG_REFERENCES = 100;

const WRONG_REFERENCE = 'invalid env var substitution: ';
/** A key that the library knows nothing about, and so leaves what is below it as it is. */
const UNKNOWN_KEY = 'spillway_diagnosis';

const FILE_FORMAT = '1.1';

/** What OpenTelemetry's library says of a file: the model, or what it complains about. */
export type Answer = { readonly model: unknown } | { readonly complaint: string };

/** Has OpenTelemetry's library parse a file. */
export function askLibrary(file: string): Answer {
  try {
    return { model: parseConfigFile(file) };
  } catch (error) {
    return { complaint: (error as Error).message.replaceAll(`${file}: `, '') };
  }
}

/** What is known of a document that the library refuses. */
export interface Diagnosis {
  /** Its values, with environment variables substituted by the library all the same; undefined where they cannot be had. */
  readonly model: unknown;
  /** What the library has against sections that are not about logs. */
  readonly complaints: readonly string[];
  /** References to variables that are written wrongly, each once. */
  readonly wrongReferences: readonly string[];
}

/** Has the library parse a document under a key that it does not check. Changes the document. */
export function diagnose(document: Document): Diagnosis {
  const { contents } = document;
  const wrapper = new Document(null, { version: '1.2' });
  wrapper.contents = wrapper.createNode({ file_format: FILE_FORMAT, [UNKNOWN_KEY]: null });
  wrapper.set(UNKNOWN_KEY, contents);
  const wrongReferences: string[] = [];
  while (wrongReferences.length <= MAX_WRONG_REFERENCES) {
    const answer = askAboutDocument(wrapper);
    if ('model' in answer) {
      const model = (answer.model as Record<string, unknown>)[UNKNOWN_KEY];
      return { model, complaints: complaintsAbout(document), wrongReferences };
    }
    const [, reference] = answer.complaint.split(WRONG_REFERENCE);
    if (reference === undefined || !removeReference(wrapper, reference)) break;
    wrongReferences.push(reference);
  }
  return { model: undefined, complaints: [], wrongReferences };
}

/** The library tells of its first complaint only, and looks no further where it does not know the format. */
function complaintsAbout({ contents }: Document): readonly string[] {
  if (!isMap(contents)) return [];
  return OTHER_SECTIONS.filter((section) => contents.has(section)).flatMap((section) => {
    const alone = new Document({ file_format: FILE_FORMAT }, { version: '1.2' });
    alone.set(section, contents.get(section, true));
    const answer = askAboutDocument(alone);
    return 'complaint' in answer ? [answer.complaint] : [];
  });
}

/** The library reads files only. Nobody else may read this one: it has what the configuration has. */
function askAboutDocument(document: Document): Answer {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(path.join(tmpdir(), 'spillway-'));
    const file = path.join(folder, 'configuration.yaml');
    writeFileSync(file, document.toString({ lineWidth: 0 }), { mode: 0o600 });
    return askLibrary(file);
  } catch (error) {
    return { complaint: (error as Error).message };
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function removeReference(document: Document, reference: string): boolean {
  let isRemoved = false;
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || !isScalar(node) || typeof node.value !== 'string' || !node.value.includes(reference)) return;
      node.value = null;
      isRemoved = true;
    },
  });
  return isRemoved;
}
