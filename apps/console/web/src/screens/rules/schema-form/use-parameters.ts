import type { ParameterTemplate, ParameterType } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import type { FormParameter } from './parameters-form.tsx';

/** Every parameter type; a rule has at most fifty, and an installation few hundred. */
export function useParameterTypes() {
  return useAsk('listParameterTypes', { query: { limit: 200 } });
}

/** The parameters that a class gives, with their types; those of an unknown type are left out. */
export function parametersOf(
  template: readonly ParameterTemplate[],
  types: readonly ParameterType[],
): readonly FormParameter[] {
  return template.flatMap((parameter) => {
    const type = types.find(({ name }) => name === parameter.type);
    if (!type || parameter.name === '' || parameter.fixed) return [];
    const hasDefault = Object.hasOwn(parameter, 'default');
    const schema = {
      ...type.schema,
      ...(parameter.choices && { enum: parameter.choices }),
      ...(hasDefault && { default: parameter.default }),
    };
    return [{ name: parameter.name, schema, uiSchema: type.ui_schema, isRequired: parameter.required && !hasDefault }];
  });
}
