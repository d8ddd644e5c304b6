import type { MistakeList } from '../mistakes/mistake-list.ts';
import { nearestName } from '../mistakes/nearest-name.ts';
import { DETECTOR_NAMES } from './detectors.ts';
import { attributeRule, type AttributeType, typedValue } from './resource-attributes.ts';

const ATTRIBUTES = ['resource', 'attributes'];
const DETECTORS = ['resource', 'detection/development', 'detectors'];

/** As the file has it, where everything may be null. */
interface ResourceSection {
  readonly attributes?: readonly { readonly value?: unknown; readonly type?: AttributeType | null }[] | null;
  readonly 'detection/development'?: { readonly detectors?: readonly object[] | null } | null;
}

/** What a schema cannot say of a resource: whether values are of their types, and which detectors there are. */
export function checkResource(resource: unknown, list: MistakeList): void {
  const { attributes, 'detection/development': detection } = (resource ?? {}) as ResourceSection;
  attributes?.forEach(({ value, type }, index) => {
    if ((value ?? undefined) === undefined || typedValue(value, type ?? undefined) !== undefined) return;
    list.expected([...ATTRIBUTES, index, 'value'], { rule: attributeRule(type ?? undefined), value });
  });
  detection?.detectors?.forEach((detector, index) => {
    const [name = ''] = Object.keys(detector);
    if (DETECTOR_NAMES.includes(name)) return;
    const nearest = nearestName(name, DETECTOR_NAMES);
    const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
    const path = [...DETECTORS, index, name];
    const known = DETECTOR_NAMES.map((one) => `\`${one}\``).join(', ');
    list.say(path, `Expected \`${list.nameOf(path)}\` to be a detector: ${known}.${hint}`);
  });
}
