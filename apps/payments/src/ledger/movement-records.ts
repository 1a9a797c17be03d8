import { formatAuthor } from '#messaging/author.js';
import type { MovementCause } from './cause.js';

/**
 * A set as one JSON parameter of a statement that reads it by `json_to_recordset`; SQL functions take a `movementSet`.
 * Members get the names of columns (`amountMinor` → `amount_minor`), `position` counts from 1 unless the item has one,
 * bytes are hex, and `cause` is reduced to what events carry on.
 */
export function movementRecords(items: readonly object[]): string {
  const json = JSON.stringify(items.map((item, index) => ({ position: index + 1, ...recordOf(item) })));
  // A surrogate without its pair is escaped, and Postgres refuses the escape. Text keeps U+FFFD in its place.
  return json.includes('\\ud') ? JSON.stringify(JSON.parse(json), wellFormed) : json;
}

function recordOf(item: object): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(item)) record[attributeOf(name)] = attributeValue(name, value);
  return record;
}

function attributeValue(name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (name === 'cause') return causeRecord(value as MovementCause);
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return value instanceof Temporal.Instant ? value.toString() : recordOf(value);
}

function causeRecord({ traceparent, correlationId, id, author }: MovementCause) {
  return { traceparent, correlation_id: correlationId, causation_id: id, author: author && formatAuthor(author) };
}

const attributes = new Map<string, string>();

function attributeOf(name: string): string {
  let attribute = attributes.get(name);
  if (attribute === undefined) {
    attribute = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    attributes.set(name, attribute);
  }
  return attribute;
}

function wellFormed(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
