import type { Properties, Property, PropertyOptions } from './property.ts';
import { group, list, property, severityNumber, table, text } from './property-kinds.ts';

const CONDITION: Properties = {
  min_severity: severityNumber('Lowest severity; a record without one counts as info.', { default: 'trace' }),
  max_severity: severityNumber('Highest severity.', { default: 'fatal4' }),
  scope: text('Name of the instrumentation scope, as it is.'),
  event_name: text('Name of the event, as it is.'),
  attributes: table(
    'Attributes that the record must have, with these values.',
    property({ type: ['string', 'number', 'boolean'] }, 'Value of the attribute.'),
  ),
};

/** Records that meet any of several conditions, each of which has parts that must all be met. */
export function recordConditions(description: string, options: PropertyOptions<readonly unknown[]> = {}): Property {
  return list(description, group('Parts that must all be met.', CONDITION), { minItems: 1, ...options });
}
