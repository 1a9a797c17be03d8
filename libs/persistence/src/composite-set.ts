import { type PoolClient, types } from 'pg';
import { assert } from '#kernel/assert.js';

/**
 * A set of a composite type as one parameter: `query('select grant_bonuses($1, $2)', [new
 * CompositeSet('bonus_event', bonuses), at])`. Each item gives the attributes of the type by their names in
 * camelCase; a missing one is null, and an attribute `position` counts from 1 where the items have none. Types may
 * be nested.
 */
export class CompositeSet {
  constructor(
    readonly type: string,
    readonly items: readonly object[],
  ) {}
}

interface CompositeType {
  readonly oid: number;
  readonly attributes: readonly Attribute[];
}

interface Attribute {
  readonly property: string;
  readonly oid: number;
  /** The attributes of an attribute that is a composite itself. */
  readonly composite?: CompositeType;
}

/** Types as each connection has read them. */
let typesOf = new WeakMap<PoolClient, Map<string, CompositeType>>();

/** Whether a set was refused because a migration has appended to its type since a connection read it. */
export function isStaleType(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === '42804' && typeof message === 'string' && message.startsWith('wrong number of columns');
}

/** Forgets the types on all connections: the next set reads its type again. */
export function forgetTypes(): void {
  typesOf = new WeakMap();
}

/**
 * The values of a query, with each set in Postgres' binary format, which is several times quicker than JSON there.
 */
export async function withSetsEncoded(client: PoolClient, values: readonly unknown[]): Promise<readonly unknown[]> {
  if (!values.some((value) => value instanceof CompositeSet)) return values;
  const encoded: unknown[] = [];
  for (const value of values) {
    encoded.push(value instanceof CompositeSet ? encode(await typeOf(client, value.type), value.items) : value);
  }
  return encoded;
}

async function typeOf(client: PoolClient, name: string): Promise<CompositeType> {
  const known = typesOf.get(client) ?? new Map<string, CompositeType>();
  typesOf.set(client, known);
  const type = known.get(name) ?? (await readType(client, name));
  known.set(name, type);
  return type;
}

async function readType(client: PoolClient, name: string): Promise<CompositeType> {
  const { rows } = await client.query<{ oid: number; attribute: string; type: number; composite: string | null }>(
    `select t.oid::int, a.attname as attribute, a.atttypid::int as type,
       case when c.typtype = 'c' then c.typname end as composite
     from pg_type t join pg_attribute a on a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
     join pg_type c on c.oid = a.atttypid
     where t.typname = $1 and t.typnamespace = current_schema()::regnamespace order by a.attnum`,
    [name],
  );
  assert(rows[0], `the database has no composite type ${name}`);
  const attributes: Attribute[] = [];
  for (const { attribute, type, composite } of rows) {
    const property = attribute.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    attributes.push({ property, oid: type, composite: composite ? await typeOf(client, composite) : undefined });
  }
  return { oid: rows[0].oid, attributes };
}

/**
 * As `array_send` writes it (src/backend/utils/adt/arrayfuncs.c): dimensions, nulls, type, length and first index.
 */
function encode(type: CompositeType, items: readonly object[]): Buffer {
  const writer = new Writer();
  for (const word of items.length > 0 ? [1, 0, type.oid, items.length, 1] : [0, 0, type.oid]) writer.int32(word);
  for (const [index, item] of items.entries()) {
    writer.sized(() => writeComposite(writer, type, item as Readonly<Record<string, unknown>>, index + 1));
  }
  return writer.written();
}

/**
 * As `record_send` writes it (src/backend/utils/adt/rowtypes.c): the number of attributes, then type and value of
 * each.
 */
function writeComposite(
  writer: Writer,
  { attributes }: CompositeType,
  item: Readonly<Record<string, unknown>>,
  position?: number,
): void {
  writer.int32(attributes.length);
  for (const { property, oid, composite } of attributes) {
    const value = item[property] ?? (property === 'position' ? position : undefined);
    writer.int32(oid);
    if (value === undefined || value === null) writer.int32(nullLength);
    else if (composite) {
      writer.sized(() => writeComposite(writer, composite, value as Readonly<Record<string, unknown>>));
    } else writeScalar(writer, oid, value);
  }
}

/** In place of an attribute's length. */
const nullLength = -1;
const { builtins } = types;
/** Timestamps count microseconds from the year 2000. */
const epochMicroseconds = 946_684_800_000_000n;

function writeScalar(writer: Writer, oid: number, value: unknown): void {
  switch (oid) {
    case builtins.INT8:
      writer.sizedInt64(BigInt(value as number));
      break;
    case builtins.INT4:
      writer.int32(4);
      writer.int32(value as number);
      break;
    // As `jsonb_send` writes it (src/backend/utils/adt/jsonb.c): the version of the format, then the text.
    case builtins.JSONB:
      writer.sizedBytes(Buffer.concat([Buffer.of(1), Buffer.from(JSON.stringify(value))]));
      break;
    case builtins.TIMESTAMPTZ:
      writer.sizedInt64((value as Temporal.Instant).epochNanoseconds / 1_000n - epochMicroseconds);
      break;
    case builtins.UUID:
      writer.sizedText((value as string).replaceAll('-', ''), 'hex');
      break;
    case builtins.BOOL:
      writer.sizedBytes(Buffer.of(value ? 1 : 0));
      break;
    case builtins.BYTEA:
      writer.sizedBytes(value as Buffer);
      break;
    default:
      assert(oid === builtins.TEXT, `a composite set has no format for values of the type ${oid}`);
      writer.sizedText(value as string, 'utf8');
  }
}

/** Big-endian bytes; a sized value has its length before it. */
class Writer {
  private buffer = Buffer.allocUnsafe(16_384);
  private at = 0;

  written(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  int32(value: number): void {
    this.reserve(4);
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  sizedInt64(value: bigint): void {
    this.int32(8);
    this.reserve(8);
    this.at = this.buffer.writeBigInt64BE(value, this.at);
  }

  sizedBytes(bytes: Buffer): void {
    this.int32(bytes.length);
    this.reserve(bytes.length);
    this.at += bytes.copy(this.buffer, this.at);
  }

  sizedText(text: string, encoding: 'utf8' | 'hex'): void {
    // Three bytes hold each UTF-16 unit.
    this.reserve(4 + 3 * text.length);
    const length = this.buffer.write(text, this.at + 4, encoding);
    this.int32(length);
    this.at += length;
  }

  sized(write: () => void): void {
    const before = this.at;
    this.int32(0);
    write();
    this.buffer.writeInt32BE(this.at - before - 4, before);
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}
