import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { checkParameterType } from '#contracts/subscriptions/parameter-types.js';
import { pointerTo } from '#http/problem.js';
import { orRefusal, Refusal } from '#kernel/refusal.js';
import { acceptedSchema, checkPresentation } from './domain/parameter-schema.js';

type Verdict = ResponseOf<typeof checkParameterType>;

/**
 * Whether a schema and its presentation could be saved, and whether a value satisfies the schema. The value is checked
 * only against a schema that could be saved, so the time is bounded. Nothing is read or written.
 */
export function checkOf(request: RequestOf<typeof checkParameterType>): Verdict {
  const { schema, ui_schema: uiSchema = {} } = request;
  const presented = orRefusal(() => checkPresentation(uiSchema));
  const check = orRefusal(() => acceptedSchema(schema));
  const errors = [check, presented].flatMap((refused) => (refused instanceof Refusal ? [errorOf(refused)] : []));
  if (!(check instanceof Refusal) && Object.hasOwn(request, 'value')) {
    for (const { path, message } of check(request.value)) {
      errors.push({ field: pointerTo(['value', ...path]), code: 'VALUE_INVALID', message });
    }
  }
  return { accepted: errors.length === 0, errors };
}

function errorOf({ code, message, details }: Refusal): Verdict['errors'][number] {
  return { field: pointerTo(details.field as string | readonly string[]), code, message };
}
