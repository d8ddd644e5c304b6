import { isPair, isScalar, isSeq, visit } from 'yaml';

import type { ConfigurationMistake } from '../mistakes/configuration-error.ts';
import { type NodePath, pathText } from '../mistakes/node-path.ts';
import type { FileOrigin } from './file-origin.ts';

/** Every place where a reference to an environment variable is written wrongly in this way. */
export function referenceMistakes(origin: FileOrigin, reference: string): readonly ConfigurationMistake[] {
  const mistakes: ConfigurationMistake[] = [];
  visit(origin.document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || !String(node.value).includes(reference)) return;
      const path = pathText(pathOf([...ancestors, node]));
      // A default may be a secret.
      const shown = reference.replace(/:.*/s, ':...}');
      const rule = 'refer to an environment variable as `${NAME}` or `${NAME:-default}`';
      mistakes.push({
        ...origin.placeAt(node.range?.[0] ?? 0),
        path,
        message: `Expected \`${path}\` to ${rule}, got \`${shown}\`.`,
      });
    },
  });
  return mistakes;
}

function pathOf(nodes: readonly unknown[]): NodePath {
  return nodes.flatMap((node, index): NodePath => {
    if (isPair(node)) return [String(isScalar(node.key) ? node.key.value : node.key)];
    return isSeq(node) ? [node.items.indexOf(nodes[index + 1])] : [];
  });
}
