import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { type FieldError, InvalidInput } from './problem.js';

/** An answer names at most this many faults: a hostile body may have one per member. */
const errorsMax = 20;

/** Checks `@Body({ schema })`, `@Query(…)` and `@Param(…)` against their zod schemas. @throws InvalidInput */
export function validationPipe(): StandardSchemaValidationPipe {
  return new InputPipe({
    exceptionFactory: (issues) => new InvalidInput(issues.flatMap(toFieldErrors).slice(0, errorsMax)),
  });
}

class InputPipe extends StandardSchemaValidationPipe {
  /** A parameter that is checked alone, such as `@Param('id')`, is reported under its own name. */
  override async transform<Input>(value: Input, metadata: ArgumentMetadata): Promise<Input> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      const { data } = metadata;
      if (data === undefined || !(error instanceof InvalidInput)) throw error;
      throw new InvalidInput(error.errors.map((fault) => ({ ...fault, field: [data, ...fault.field] })));
    }
  }

  /**
   * Nest would remove members named `constructor` or `prototype` before the check. Here they are members like any
   * other: refused where they are unknown, kept where names are free.
   */
  protected override stripProtoKeys(): void {}
}

type Issue = Parameters<
  NonNullable<ConstructorParameters<typeof StandardSchemaValidationPipe>[0]>['exceptionFactory'] & {}
>[0][number];

/** Our own codes for zod's issues, so that clients do not depend on the library. */
const codes: Readonly<Record<string, string>> = {
  invalid_type: 'WRONG_TYPE',
  invalid_format: 'MALFORMED',
  invalid_value: 'NOT_ALLOWED',
  too_small: 'TOO_SMALL',
  too_big: 'TOO_LARGE',
  not_multiple_of: 'NOT_ALLOWED',
  unrecognized_keys: 'UNKNOWN_FIELD',
};

function toFieldErrors(issue: Issue): FieldError[] {
  const path = (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  const { code = '', keys } = issue as { code?: string; keys?: readonly string[] };
  // Zod reports unknown members together, on their parent.
  if (code === 'unrecognized_keys' && keys) {
    return keys.map((key) => ({
      field: [...path, key],
      code: 'UNKNOWN_FIELD',
      message: 'There is no such member.',
    }));
  }
  // Of a union, the faults of the shape that has the type of the input are reported.
  if (code === 'invalid_union') {
    const { errors: shapes = [] } = issue as { errors?: readonly (readonly (Issue & { code?: string })[])[] };
    const isOther = (fault: Issue & { code?: string }) => fault.code === 'invalid_type' && fault.path?.length === 0;
    const meant = shapes.find((faults) => !faults.some(isOther));
    if (meant) return meant.flatMap((fault) => toFieldErrors({ ...fault, path: [...path, ...(fault.path ?? [])] }));
  }
  const isMissing = code === 'invalid_type' && issue.message.endsWith('received undefined');
  if (isMissing) return [{ field: path, code: 'REQUIRED', message: 'This member is required.' }];
  return [{ field: path, code: codes[code] ?? 'INVALID', message: issue.message }];
}
