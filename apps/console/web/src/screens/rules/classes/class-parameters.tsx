import type { ParameterType, RulePreview, SubscriptionRule } from '../../../api/generated/operations.ts';
import type { FormHandle } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { useProblemText } from '../../../states/problem.tsx';
import { ParametersForm } from '../schema-form/parameters-form.tsx';
import { parametersOf } from '../schema-form/use-parameters.ts';
import type { ClassValues } from './class-values.ts';

const inPreview = '/inputs/parameters';
const inBody = '/parameters';

/** The values of a class. The preview says what is wrong with them while one types, and the server on saving. */
export function ClassParameters({
  form,
  rule,
  types,
  preview,
  isReadOnly,
}: {
  readonly form: FormHandle<ClassValues>;
  readonly rule: SubscriptionRule;
  readonly types: readonly ParameterType[];
  readonly preview: RulePreview | undefined;
  readonly isReadOnly: boolean;
}) {
  const words = useWords(rulesWords);
  const textOf = useProblemText();
  const { values, change, refused } = form;
  if (rule.parameters.length === 0) return <p className="soft">{words.noParameters}</p>;
  const saving = (refused?.problem.errors ?? []).map((error) => ({ ...error, at: inBody }));
  const single = refused?.problem.field?.startsWith(inBody)
    ? [{ field: refused.problem.field, code: refused.code, message: refused.problem.detail, at: inBody }]
    : [];
  const typing = (preview?.refusals ?? []).map((error) => ({ ...error, at: inPreview }));
  // A field that nobody has touched is not scolded before saving.
  const touched = typing.filter(({ field, code }) => code !== 'PARAMETER_MISSING' && field.startsWith(inPreview));
  const errors = [...touched, ...(saving.length > 0 ? saving : single)]
    .filter(({ field, at }) => field.startsWith(`${at}/`))
    .map(({ field, at, code, message }) => {
      return { pointer: field.slice(at.length), message: textOf({ code, detail: message }) };
    });
  // What is shown at the fields of the parameters does not stand atop the form again.
  for (const { field } of [...saving, ...single]) if (field.startsWith(inBody)) form.errorAt(field);
  return (
    <ParametersForm
      key={rule.rule_id}
      parameters={parametersOf(rule.parameters, types)}
      values={values.parameters}
      onChange={(parameters) => change({ parameters })}
      errors={unique(errors)}
      currency={values.currency}
      isReadOnly={isReadOnly}
    />
  );
}

function unique<Item extends { readonly pointer: string; readonly message: string }>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [item.pointer + item.message, item])).values()];
}
