import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ParameterType } from '../../../api/generated/operations.ts';
import { useAsk, useRefresh } from '../../../api/queries.ts';
import { announce } from '../../../design/announce.ts';
import { Button } from '../../../design/controls/button.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { Form } from '../../../forms/form.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { ActionsLink } from '../../../shell/actions-link.tsx';
import { Page } from '../../../shell/page.tsx';
import { useSession } from '../../../shell/session.tsx';
import { Loaded } from '../../../states/loaded.tsx';
import { readJson, writeJson } from '../json-text.ts';
import { JsonArea } from './json-area.tsx';
import { faultsAt, LiveForm, useTypeCheck } from './type-check.tsx';

const route = getRouteApi('/parameter-types/$name');

/** One parameter type. Its schema never changes; its presentation does. */
export function ParameterTypeScreen() {
  const words = useWords(rulesWords);
  const { name } = route.useParams();
  const type = useAsk('getParameterType', { path: { name } });
  return (
    <Page
      title={name}
      crumb={<Link to="/parameter-types">{words.typesTitle}</Link>}
      actions={type.data && <ActionsLink subject={name} />}
    >
      <Loaded of={type}>{(found) => <Editor key={found.name} type={found} />}</Loaded>
    </Page>
  );
}

function Editor({ type }: { readonly type: ParameterType }) {
  const words = useWords(rulesWords);
  const { role } = useSession();
  const refresh = useRefresh();
  const [value, setValue] = useState<unknown>();
  // What was saved last by this page: its version is the one that a change is based on.
  const [base, setBase] = useState(type);
  const form = useForm({
    operation: 'changeParameterType',
    initial: { uiSchema: writeJson(type.ui_schema) },
    request: ({ uiSchema }, key) => {
      const body = { version: base.version, ui_schema: readJson(uiSchema).object ?? {} };
      return { key, path: { name: type.name }, body };
    },
    onDone: async (changed) => {
      setBase(changed);
      announce(words.savedNow);
      await refresh('getParameterType', 'listParameterTypes');
    },
    onRefused: ({ code }) => {
      if (code === 'PARAMETER_TYPE_CHANGED') void refresh('getParameterType');
    },
  });
  const schemaText = writeJson(type.schema);
  const schema = { object: type.schema };
  const uiSchema = readJson(form.values.uiSchema);
  const check = useTypeCheck(schema, uiSchema, value);
  const isAdmin = role === 'admin';
  const area = (
    <>
      <JsonArea
        label={words.schema}
        hint={words.schemaHint}
        typed={schema}
        faults={[]}
        value={schemaText}
        onChange={() => undefined}
        isReadOnly
      />
      <JsonArea
        label={words.uiSchema}
        hint={words.uiSchemaHint}
        typed={uiSchema}
        rows={6}
        isReadOnly={!isAdmin}
        faults={faultsAt(check, 'ui_schema')}
        {...form.field('uiSchema', '/ui_schema')}
      />
    </>
  );
  const merge = (code: string) => {
    if (code !== 'PARAMETER_TYPE_CHANGED' || type.version === base.version) return null;
    return (
      <>
        <p>{words.changedMeanwhile}</p>
        <pre translate="no">{writeJson(type.ui_schema)}</pre>
        <Button onClick={() => setBase(type)}>{words.overwrite}</Button>
      </>
    );
  };
  return (
    <div className="columns columns-even">
      <div className="stack">
        <dl className="pairs">
          <dt>{words.saved}</dt>
          <dd>
            <Instant at={type.saved_at} />
          </dd>
          {type.changed_at && (
            <>
              <dt>{words.changed}</dt>
              <dd>
                <Instant at={type.changed_at} />, {words.versionNumber(type.version)}
              </dd>
            </>
          )}
        </dl>
        {isAdmin ? (
          <Form
            form={uiSchema.object ? form : { ...form, submit: () => undefined }}
            submit={words.saveForm}
            nextStep={merge}
            isWide
          >
            {area}
          </Form>
        ) : (
          area
        )}
      </div>
      <LiveForm name={type.name} uiSchema={uiSchema.object} value={value} onChange={setValue} check={check} />
    </div>
  );
}
