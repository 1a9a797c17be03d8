/** What values of this type look like, and how a form shows them. It never changes once saved. */
export class ParameterType {
  name!: string;
  /** JSON Schema, draft 2020-12. */
  schema!: Record<string, unknown>;
  /** Presentation hints, in the conventions of react-jsonschema-form; not looked into here. */
  uiSchema!: Record<string, unknown>;
  savedAt!: Temporal.Instant;
}
