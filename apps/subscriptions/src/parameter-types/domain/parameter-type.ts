/** The values that a parameter of this type can have, and how a form presents them. It never changes once saved. */
export interface ParameterType {
  readonly name: string;
  /** JSON Schema, draft 2020-12. */
  readonly schema: Record<string, unknown>;
  /** Presentation hints in the conventions of react-jsonschema-form. The service does not interpret them. */
  readonly uiSchema: Record<string, unknown>;
  readonly savedAt: Temporal.Instant;
}
