import type { z } from 'zod';
import type { parameterType } from '#contracts/subscriptions/parameter-types.js';
import type { ParameterType } from './domain/parameter-type.js';

export type ParameterTypeView = z.output<typeof parameterType>;

export function parameterTypeView(type: ParameterType): ParameterTypeView {
  const { name, schema, uiSchema, version, savedAt, changedAt } = type;
  return {
    name,
    schema,
    ui_schema: uiSchema,
    version,
    saved_at: savedAt.toString(),
    changed_at: changedAt?.toString() ?? null,
  };
}
