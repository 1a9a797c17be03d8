import { useMemo } from 'react';
import { type MemberError, SchemaForm } from './schema-form.tsx';

type JsonObject = Readonly<Record<string, unknown>>;

/** One parameter of a rule with the schema and the presentation of its type. */
export interface FormParameter {
  readonly name: string;
  readonly schema: JsonObject;
  readonly uiSchema: JsonObject | undefined;
  readonly isRequired: boolean;
}

export interface ParametersFormProps {
  readonly parameters: readonly FormParameter[];
  readonly values: JsonObject;
  readonly onChange: (values: JsonObject) => void;
  readonly errors?: readonly MemberError[];
  readonly currency?: string;
  readonly isReadOnly?: boolean;
}

/** The values of a rule's parameters, each entered by the form of its type. */
export function ParametersForm({ parameters, values, onChange, ...others }: ParametersFormProps) {
  const text = JSON.stringify(parameters);
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal parameters make one form, which keeps what was typed
  const { schema, uiSchema } = useMemo(() => formOf(parameters), [text]);
  return (
    <SchemaForm
      schema={schema}
      uiSchema={uiSchema}
      value={values}
      onChange={(value) => onChange(withoutUntouched(value as JsonObject))}
      {...others}
    />
  );
}

function formOf(parameters: readonly FormParameter[]): { readonly schema: JsonObject; readonly uiSchema: JsonObject } {
  const named = <Value,>(of: (parameter: FormParameter) => Value) =>
    Object.fromEntries(parameters.map((parameter) => [parameter.name, of(parameter)]));
  const required = parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return {
    schema: { type: 'object', properties: named(({ schema }) => schema), ...(required.length > 0 && { required }) },
    uiSchema: named(({ uiSchema }) => titled(uiSchema ?? {})),
  };
}

/** An empty title would leave a field without a name. */
function titled(uiSchema: JsonObject): JsonObject {
  const { 'ui:title': title, ...others } = uiSchema;
  return typeof title === 'string' && title.trim() !== '' ? uiSchema : others;
}

/** Members that nobody has typed are undefined in the form, and absent in the request. */
function withoutUntouched(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
