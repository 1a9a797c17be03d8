import withTheme from '@rjsf/core/lib/withTheme.js';
import type { ErrorSchema, RJSFSchema, RJSFValidationError, UiSchema } from '@rjsf/utils';
import { useId, useMemo } from 'react';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import * as templates from './templates.tsx';
import { validator } from './validator.ts';
import * as widgets from './widgets.tsx';

const ThemedForm = withTheme({
  templates: {
    FieldTemplate: templates.FieldTemplate,
    ObjectFieldTemplate: templates.ObjectFieldTemplate,
    ArrayFieldTemplate: templates.ArrayFieldTemplate,
    ArrayFieldItemTemplate: templates.ArrayFieldItemTemplate,
    MultiSchemaFieldTemplate: templates.MultiSchemaFieldTemplate,
    UnsupportedFieldTemplate: templates.UnsupportedFieldTemplate,
    WrapIfAdditionalTemplate: templates.WrapIfAdditional,
    BaseInputTemplate: widgets.TextInput,
    ErrorListTemplate: templates.Nothing,
  },
  widgets: {
    TextareaWidget: widgets.TextareaWidget,
    SelectWidget: widgets.SelectWidget,
    RadioWidget: widgets.RadioWidget,
    CheckboxWidget: widgets.CheckboxWidget,
    CheckboxesWidget: widgets.CheckboxesWidget,
    TimeWidget: widgets.TimeWidget,
    DateTimeWidget: widgets.DateTimeWidget,
    zone: widgets.ZoneWidget,
    money: widgets.MoneyWidget,
    clock: widgets.ClockWidget,
    percent: widgets.PercentWidget,
  },
});

/** What the server says of one member: a JSON Pointer into the value, and a sentence. */
export interface MemberError {
  readonly pointer: string;
  readonly message: string;
}

export interface SchemaFormProps {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly uiSchema?: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** The server's own errors. Without them the page checks the value by itself. */
  readonly errors?: readonly MemberError[];
  /** The currency of amounts. */
  readonly currency?: string;
  readonly isReadOnly?: boolean;
}

/** The form that a JSON Schema and its UI schema make, in the look of the console, inside a form of the page. */
export function SchemaForm({ schema, uiSchema, value, onChange, errors, currency, isReadOnly }: SchemaFormProps) {
  const words = useWords(rulesWords).schemaForm;
  const id = useId();
  const extraErrors = useMemo(() => errorSchemaOf(errors ?? []), [errors]);
  const inWords = (found: RJSFValidationError[]) => {
    return found.map((fault) => ({ ...fault, message: words.fault(fault.name ?? '', fault.params?.wanted) }));
  };
  return (
    <ThemedForm
      tagName="div"
      idPrefix={id}
      schema={schema as RJSFSchema}
      uiSchema={{ ...(uiSchema as UiSchema), 'ui:submitButtonOptions': { norender: true } }}
      formData={value}
      formContext={{ currency }}
      validator={validator}
      transformErrors={inWords}
      liveValidate={errors === undefined ? 'onChange' : false}
      noValidate={errors !== undefined}
      extraErrors={extraErrors}
      readonly={isReadOnly}
      onChange={({ formData }: { readonly formData?: unknown }) => onChange(formData)}
    />
  );
}

function errorSchemaOf(errors: readonly MemberError[]): ErrorSchema {
  const root: Record<string, unknown> = {};
  for (const { pointer, message } of errors) {
    let at = root;
    for (const step of pointer.split('/').slice(1)) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      if (!Object.hasOwn(at, name)) at[name] = {};
      at = at[name] as Record<string, unknown>;
    }
    at.__errors = [...((at.__errors as string[] | undefined) ?? []), message];
  }
  return root as ErrorSchema;
}
