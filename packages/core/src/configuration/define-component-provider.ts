import type {
  ComponentContext,
  ComponentProperties,
  ComponentProvider,
  ComponentType,
  ComponentTypes,
} from './component-provider.ts';
import { objectSchema, toOptions } from './object-properties.ts';
import type { Properties } from './property.ts';
import { inNamesOf } from './property-names.ts';

/** A component whose constructor takes options, as a configuration file has it. */
export interface ComponentDefinition<Type extends ComponentType, Options> {
  readonly type: Type;
  /** Name of the node, in snake_case. */
  readonly name: string;
  /** What it does, in a sentence, for those who write the file. */
  readonly description: string;
  readonly properties: Properties;
  /** Makes it of the options that the properties stand for. Those that fit their schemas fit the type. */
  readonly create: (options: Options) => ComponentTypes[Type];
  /** Throws what `create` would, without making anything. */
  readonly check?: (options: Options) => void;
}

/**
 * A provider whose properties are a constructor's options: in snake_case, and told about in that form where one is wrong.
 * The options get `selfObsMeterProvider` as well, where there is one.
 */
export function defineComponentProvider<Type extends ComponentType, Options>(
  definition: ComponentDefinition<Type, Options>,
): ComponentProvider<Type> {
  const { type, name, description, properties, create, check } = definition;
  const withOptions = <Result>(
    use: (options: Options) => Result,
    values: ComponentProperties,
    { selfObsMeterProvider }: ComponentContext = {},
  ): Result => {
    const options = toOptions(properties, values);
    if (selfObsMeterProvider !== undefined) options['selfObsMeterProvider'] = selfObsMeterProvider;
    return inNamesOf(properties, '', () => use(options as Options));
  };
  return {
    type,
    name,
    schema: { ...objectSchema(properties), description },
    createComponent: (values, context) => withOptions(create, values, context),
    ...(check !== undefined && {
      checkProperties: (values: ComponentProperties): void => withOptions(check, values),
    }),
  };
}
