import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useRefresh } from '../../../api/queries.ts';
import { TextField } from '../../../design/controls/inputs.tsx';
import { Form } from '../../../forms/form.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { readJson, writeJson } from '../json-text.ts';
import { JsonArea } from './json-area.tsx';
import { faultsAt, LiveForm, useTypeCheck } from './type-check.tsx';

const first = {
  name: '',
  schema: writeJson({ type: 'integer', minimum: 0 }),
  uiSchema: writeJson({ 'ui:title': '', 'ui:widget': 'money' }),
};

/** A new parameter type: its schema beside the form that it makes. */
export function NewParameterTypeScreen() {
  const words = useWords(rulesWords);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const [value, setValue] = useState<unknown>();
  const form = useForm({
    operation: 'saveParameterType',
    initial: first,
    request: ({ name, schema, uiSchema }, key) => {
      return { key, body: { name, schema: readJson(schema).object ?? {}, ui_schema: readJson(uiSchema).object ?? {} } };
    },
    onDone: async ({ name }) => {
      await refresh('listParameterTypes');
      await navigate({ to: '/parameter-types/$name', params: { name } });
    },
  });
  const schema = readJson(form.values.schema);
  const uiSchema = readJson(form.values.uiSchema);
  const check = useTypeCheck(schema, uiSchema, value);
  const isReadable = schema.object !== undefined && uiSchema.object !== undefined;
  return (
    <Page title={words.newType} intro={words.typesIntro} crumb={<Link to="/parameter-types">{words.typesTitle}</Link>}>
      <div className="columns columns-even">
        <Form form={isReadable ? form : { ...form, submit: () => undefined }} submit={words.save} isWide>
          <TextField
            label={words.name}
            hint={words.nameHint}
            autoComplete="off"
            spellCheck={false}
            translate="no"
            {...form.field('name')}
          />
          <JsonArea
            label={words.schema}
            hint={words.schemaHint}
            typed={schema}
            faults={faultsAt(check, 'schema')}
            {...form.field('schema')}
          />
          <JsonArea
            label={words.uiSchema}
            hint={words.uiSchemaHint}
            typed={uiSchema}
            rows={6}
            faults={faultsAt(check, 'ui_schema')}
            {...form.field('uiSchema', '/ui_schema')}
          />
        </Form>
        <LiveForm name={form.values.name} uiSchema={uiSchema.object} value={value} onChange={setValue} check={check} />
      </div>
    </Page>
  );
}
