import { type RJSFSchema, type RJSFValidationError, toErrorList, toErrorSchema, type ValidatorType } from '@rjsf/utils';
import { faultsOf } from './faults.ts';

/** The validator that rjsf asks for. */
export const validator: ValidatorType = {
  validateFormData(value, schema, _custom, transform, uiSchema) {
    const found = faultsOf(schema, value).map(({ path, keyword, wanted }): RJSFValidationError => {
      return {
        name: keyword,
        property: path.map((step) => `.${step}`).join(''),
        params: { wanted },
        message: keyword,
        stack: '',
      };
    });
    const errors = transform ? transform(found, uiSchema) : found;
    const errorSchema = toErrorSchema(errors);
    return { errors: errors.length > 0 ? errors : toErrorList(errorSchema), errorSchema };
  },
  isValid: (schema: RJSFSchema, value: unknown) => faultsOf(schema, value).length === 0,
  rawValidation: (schema: RJSFSchema, value: unknown) => ({ errors: [...faultsOf(schema, value)] as never[] }),
};
