/** The values that a parameter of this type can have, and how a form presents them. */
export interface ParameterType {
  readonly name: string;
  /** JSON Schema, draft 2020-12. It never changes: classes and orders were checked against it. */
  readonly schema: Record<string, unknown>;
  /** Presentation hints in the conventions of react-jsonschema-form. The service does not interpret them. */
  readonly uiSchema: Record<string, unknown>;
  /** Counts the changes of the hints, from 1. */
  readonly version: number;
  readonly savedAt: Temporal.Instant;
  readonly changedAt: Temporal.Instant | null;
}
