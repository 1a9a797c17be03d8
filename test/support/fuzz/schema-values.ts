import fc, { type Arbitrary } from 'fast-check';

/** The part of JSON Schema that the API's documents use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly examples?: readonly unknown[];
}

/** Stands for an id that only the running stack can give: `{{class_id}}`. */
export const idNamed = (name: string) => `{{${name}}}`;

const longest = 40;
const deepest = 6;

/** Values that fit a schema of a document, and mostly the ids of records that there are. */
export class SchemaValues {
  /** @param schemas the document's `components.schemas` @param ids the names of ids that the stack can give */
  constructor(
    private readonly schemas: Readonly<Record<string, Schema>>,
    private readonly ids: ReadonlySet<string>,
  ) {}

  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name ? this.resolve(this.schemas[name] as Schema) : schema;
  }

  /** A value for the member `name`. */
  fitting(given: Schema, name = '', depth = 0): Arbitrary<unknown> {
    const schema = this.resolve(given);
    const generated = this.#byType(schema, name, depth);
    const examples = (schema.examples ?? []).map((example) => fc.constant(this.#withIds(example, name)));
    return examples.length > 0 ? fc.oneof(...examples, generated) : generated;
  }

  #byType(schema: Schema, name: string, depth: number): Arbitrary<unknown> {
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => this.fitting(one, name, depth)));
    const { minimum = -(2 ** 31), maximum = 2 ** 31 } = schema;
    switch (schema.type) {
      case 'string':
        return this.#string(schema, name);
      case 'integer':
        return fc.oneof(fc.constantFrom(minimum, maximum), fc.integer({ min: minimum, max: maximum }));
      case 'number':
        return fc.double({ min: minimum, max: maximum, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return depth > deepest
          ? fc.constant([])
          : fc.array(this.fitting(schema.items ?? {}, name, depth + 1), {
              minLength: schema.minItems ?? 0,
              maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3)),
            });
      case 'object':
        return depth > deepest ? fc.constant({}) : this.#object(schema, depth);
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  }

  #object({ properties = {}, required = [], additionalProperties }: Schema, depth: number): Arbitrary<unknown> {
    const members = Object.fromEntries(
      Object.entries(properties).map(([name, one]) => [name, this.fitting(one, name, depth + 1)]),
    );
    const listed = fc.record(members, {
      requiredKeys: required.filter((name) => name in members),
      noNullPrototype: true,
    });
    if (typeof additionalProperties !== 'object') return listed;
    const others = fc.dictionary(fc.string({ maxLength: 8 }), this.fitting(additionalProperties, '', depth + 1), {
      maxKeys: 2,
      noNullPrototype: true,
    });
    return fc.tuple(others, listed).map(([more, own]) => ({ ...more, ...own }));
  }

  #string({ format, pattern, minLength = 0, maxLength = longest }: Schema, name: string): Arbitrary<string> {
    const bounds = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, longest)) };
    const free = this.#free(format, pattern, bounds);
    return this.ids.has(name) ? fc.oneof({ arbitrary: fc.constant(idNamed(name)), weight: 4 }, free) : free;
  }

  #free(format: string | undefined, pattern: string | undefined, bounds: fc.StringConstraints): Arbitrary<string> {
    const day = { min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true };
    if (format === 'uuid') return fc.uuid();
    if (format === 'date-time') return fc.date(day).map((date) => date.toISOString());
    if (format === 'date') return fc.date(day).map((date) => date.toISOString().slice(0, 10));
    if (format?.endsWith('email')) return fc.emailAddress();
    if (pattern?.includes('\\p{')) return fc.string({ ...bounds, unit: 'grapheme' });
    return pattern ? fc.stringMatching(new RegExp(pattern)) : fc.string({ ...bounds, unit: 'grapheme' });
  }

  /** An example of the document, about records that there are. */
  #withIds(value: unknown, name: string): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#withIds(one, name));
    if (typeof value === 'string') return this.ids.has(name) ? idNamed(name) : value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([member, one]) => [member, this.#withIds(one, member)]));
  }
}
