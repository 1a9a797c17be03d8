import {
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  descriptionId,
  errorId,
  type FieldTemplateProps,
  helpId,
  type MultiSchemaFieldTemplateProps,
  type ObjectFieldTemplateProps,
  type UnsupportedFieldProps,
  type WrapIfAdditionalTemplateProps,
} from '@rjsf/utils';
import { Button } from '../../../design/controls/button.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords, shellWords } from '../../../messages/words.ts';

/** These controls bring a label of their own. */
const labelled = new Set(['time', 'date-time', 'zone', 'clock', 'checkbox']);

function hasOwnLabel({ schema, uiSchema = {} }: Pick<FieldTemplateProps, 'schema' | 'uiSchema'>): boolean {
  const widget = uiSchema['ui:widget'] ?? (schema.type === 'boolean' ? 'checkbox' : schema.format);
  return labelled.has(String(widget));
}

function titleOf(uiSchema: FieldTemplateProps['uiSchema'], title: string): string {
  return uiSchema?.['ui:title'] ?? title;
}

/** Label, control, hint and errors of any field. */
export function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, children, rawErrors = [], rawDescription, rawHelp, hidden, required, displayLabel } = props;
  const words = useWords(shellWords);
  if (hidden) return <div hidden>{children}</div>;
  return (
    <WrapIfAdditional {...props}>
      {displayLabel && !hasOwnLabel(props) && (
        <label htmlFor={id}>
          {label}
          {!required && <span className="optional"> ({words.optional})</span>}
        </label>
      )}
      {children}
      {displayLabel && rawDescription && (
        <div id={descriptionId(id)} className="hint">
          {rawDescription}
        </div>
      )}
      {rawHelp && (
        <div id={helpId(id)} className="hint">
          {rawHelp}
        </div>
      )}
      {rawErrors.length > 0 && (
        <div id={errorId(id)} className="stack-s">
          {[...new Set(rawErrors)].map((error) => (
            <div key={error} className="error">
              <span>{error}</span>
            </div>
          ))}
        </div>
      )}
    </WrapIfAdditional>
  );
}

/** A member whose name is free has a field for the name too. */
export function WrapIfAdditional(props: WrapIfAdditionalTemplateProps) {
  const { id, children, label, schema, readonly, disabled, onKeyRename, onRemoveProperty } = props;
  const words = useWords(rulesWords).schemaForm;
  if (!('__additional_property' in schema)) return <div className="field">{children}</div>;
  return (
    <div className="fields">
      <div className="field">
        <label htmlFor={`${id}-name`}>{words.memberName}</label>
        <input
          id={`${id}-name`}
          className="input"
          defaultValue={label}
          readOnly={readonly || disabled}
          onBlur={(event) => onKeyRename(event.target.value)}
        />
      </div>
      <div className="field">{children}</div>
      <Button size="small" onClick={onRemoveProperty}>
        {words.remove(label)}
      </Button>
    </div>
  );
}

/** The members of an object; the outermost has no title, because the page has one. */
export function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const { uiSchema, description, properties, fieldPathId, schema, onAddProperty, readonly, disabled } = props;
  const words = useWords(rulesWords).schemaForm;
  const title = titleOf(uiSchema, props.title);
  const isOutermost = fieldPathId.path.length === 0;
  const canAdd = Boolean(schema.additionalProperties) && !readonly && !disabled;
  return (
    <fieldset
      className={isOutermost ? 'fieldset' : 'fieldset card'}
      id={fieldPathId.$id}
      aria-label={title || undefined}
    >
      {title && !isOutermost && <strong aria-hidden>{title}</strong>}
      {description && <div className="hint">{description}</div>}
      {properties.map(({ content }) => content)}
      {canAdd && (
        <div>
          <Button size="small" onClick={onAddProperty}>
            {words.addMember}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

/** A list: its items, each with its buttons, and one to add another. */
export function ArrayFieldTemplate(props: ArrayFieldTemplateProps) {
  const { uiSchema, items, canAdd, onAddClick, fieldPathId, disabled, readonly, schema } = props;
  const words = useWords(rulesWords).schemaForm;
  const title = titleOf(uiSchema, props.title);
  return (
    <fieldset className="fieldset" id={fieldPathId.$id}>
      <legend className="legend">{title}</legend>
      {schema.description && <div className="hint">{schema.description}</div>}
      {items}
      {canAdd && !readonly && (
        <div>
          <Button size="small" disabled={disabled} onClick={onAddClick}>
            {words.add(title)}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

export function ArrayFieldItemTemplate(props: ArrayFieldItemTemplateProps) {
  const { children, index, hasToolbar, buttonsProps } = props;
  const { hasMoveUp, hasMoveDown, hasRemove, onMoveUpItem, onMoveDownItem, onRemoveItem } = buttonsProps;
  const words = useWords(rulesWords).schemaForm;
  const item = words.item(index + 1);
  return (
    <div className="stack-s">
      {children}
      {hasToolbar && (
        <div className="row">
          {hasMoveUp && (
            <Button size="small" look="quiet" onClick={onMoveUpItem} aria-label={words.moveUp(item)}>
              ↑
            </Button>
          )}
          {hasMoveDown && (
            <Button size="small" look="quiet" onClick={onMoveDownItem} aria-label={words.moveDown(item)}>
              ↓
            </Button>
          )}
          {hasRemove && (
            <Button size="small" look="quiet" onClick={onRemoveItem}>
              {words.remove(item)}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** Alternatives: which one, and its fields. */
export function MultiSchemaFieldTemplate({ selector, optionSchemaField }: MultiSchemaFieldTemplateProps) {
  return (
    <div className="stack-s">
      {selector}
      {optionSchemaField}
    </div>
  );
}

/** A schema that says nothing of the type of its values: they are typed as JSON elsewhere. */
export function UnsupportedFieldTemplate({ fieldPathId }: UnsupportedFieldProps) {
  const words = useWords(rulesWords).schemaForm;
  return (
    <p className="hint" id={fieldPathId?.$id}>
      {words.unsupported}
    </p>
  );
}

/** Errors stand at their fields. */
export function Nothing() {
  return null;
}
