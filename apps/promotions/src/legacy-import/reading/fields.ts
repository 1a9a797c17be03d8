import { isPlainObject, type Plain, type PlainObject, readInstant } from './extended-json.js';

/**
 * The fields of one document, each found under several usual names, in snake_case or camelCase. A field that cannot be
 * read is a fault, which names the field as the document does.
 */
export class Fields {
  readonly faults: string[] = [];
  readonly #path: string;
  readonly #members: ReadonlyMap<string, { readonly name: string; readonly value: Plain }>;

  constructor(document: PlainObject, path = '', faults?: string[]) {
    this.#path = path;
    if (faults) this.faults = faults;
    this.#members = new Map(Object.entries(document).map(([name, value]) => [snakeCase(name), { name, value }]));
  }

  /** The first of these fields that has a value. */
  find(...names: readonly string[]): { readonly name: string; readonly value: Plain } | undefined {
    return names
      .map((name) => this.#members.get(name))
      .find((member) => member !== undefined && member.value !== null && member.value !== '');
  }

  text(...names: readonly string[]): string | null {
    return this.#read(names, 'is not a text', (value) =>
      typeof value === 'string' || typeof value === 'number' ? String(value).trim().replaceAll('\0', '') : undefined,
    );
  }

  /** Whole numbers, also as text or as a double. */
  whole(...names: readonly string[]): number | null {
    return this.#read(names, 'is not a whole number', (value) => {
      const number = typeof value === 'string' ? Number(value) : value;
      return Number.isSafeInteger(number) ? (number as number) : undefined;
    });
  }

  /** A number, or its text: the currency decides how to convert it. */
  decimal(...names: readonly string[]): number | string | null {
    return this.#read(names, 'is not a number', (value) =>
      Number.isFinite(typeof value === 'string' ? Number(value) : value) ? (value as number | string) : undefined,
    );
  }

  flag(...names: readonly string[]): boolean | null {
    return this.#read(names, 'is neither true nor false', (value) => {
      if (typeof value === 'boolean') return value;
      return value === 1 || value === 'true' ? true : value === 0 || value === 'false' ? false : undefined;
    });
  }

  instant(...names: readonly string[]): Temporal.Instant | null {
    return this.#read(names, 'is not an instant', (value) => {
      if (value instanceof Temporal.Instant) return value;
      try {
        if (typeof value === 'number') return Temporal.Instant.fromEpochMilliseconds(value);
        return typeof value === 'string' ? readInstant(value) : undefined;
      } catch {
        return undefined;
      }
    });
  }

  list(...names: readonly string[]): readonly Plain[] {
    return this.#read(names, 'is not a list', (value) => (Array.isArray(value) ? value : undefined)) ?? [];
  }

  object(...names: readonly string[]): Fields | null {
    const member = this.find(...names);
    if (!member) return null;
    if (isPlainObject(member.value)) return new Fields(member.value, `${this.#path}${member.name}.`, this.faults);
    this.#fault(member.name, 'is not an object');
    return null;
  }

  /** The objects of a list; any other element is a fault. */
  objects(...names: readonly string[]): Fields[] {
    const { name = '' } = this.find(...names) ?? {};
    return this.list(...names).flatMap((item, index) => {
      const path = `${name}[${index}]`;
      if (isPlainObject(item)) return [new Fields(item, `${this.#path}${path}.`, this.faults)];
      this.#fault(path, 'is not an object');
      return [];
    });
  }

  fault(name: string, says: string): null {
    this.#fault(this.find(name)?.name ?? name, says);
    return null;
  }

  #read<Value>(names: readonly string[], says: string, read: (value: Plain) => Value | undefined): Value | null {
    const member = this.find(...names);
    if (!member) return null;
    const value = read(member.value);
    if (value !== undefined) return value;
    this.#fault(member.name, `${shown(member.value)} ${says}`);
    return null;
  }

  #fault(name: string, says: string): void {
    this.faults.push(`${this.#path}${name}: ${says}`);
  }
}

function shown(value: Plain): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function snakeCase(name: string): string {
  return name
    .replace(/^_+/, '')
    .replace(/[a-z0-9][A-Z]/g, (pair) => `${pair[0]}_${pair[1]}`)
    .toLowerCase();
}
