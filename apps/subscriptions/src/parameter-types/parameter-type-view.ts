import type { z } from 'zod';
import type { parameterType } from '#contracts/subscriptions/rules.js';
import type { ParameterType } from './domain/parameter-type.js';

export type ParameterTypeView = z.output<typeof parameterType>;

export function parameterTypeView({ name, schema, uiSchema, savedAt }: ParameterType): ParameterTypeView {
  return { name, schema, ui_schema: uiSchema, saved_at: savedAt.toString() };
}
