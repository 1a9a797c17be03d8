import { format, type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';

// The service has this format beside those of JSON Schema.
(format as Record<string, (text: string) => boolean>)['time-zone'] = isTimeZone;

/** Whether a text is an IANA name of a time zone: neither an abbreviation nor an offset. */
function isTimeZone(text: string): boolean {
  if (text !== 'UTC' && !/^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}

/** A fault of a value: the names and indexes that lead to the member, and the keyword that it violates. */
export interface ValueFault {
  readonly path: readonly string[];
  readonly keyword: string;
  /** What the keyword asks for, such as the lowest number. */
  readonly wanted: unknown;
}

/**
 * What is wrong with a value, by an interpreter that needs no `eval`. The server decides; this only spares a round trip
 * for each key. A schema that is broken finds nothing wrong.
 */
export function faultsOf(schema: object, value: unknown): readonly ValueFault[] {
  // What a form has not touched is undefined, which JSON does not know.
  const copy = value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
  if (copy === undefined) return [];
  try {
    const { errors } = new Validator(schema as Schema, '2020-12', false).validate(copy);
    const said = errors.filter(isLeaf);
    return (said.length > 0 ? said : errors.slice(0, 1)).map((error) => faultOf(schema, error));
  } catch {
    return [];
  }
}

/** Keywords that only pass on what is wrong inside. */
const passing = new Set([
  ...['properties', 'patternProperties', 'items', 'prefixItems', 'allOf', 'if', 'then', 'else', 'dependentSchemas'],
]);

function isLeaf(
  { keyword, keywordLocation, instanceLocation }: OutputUnit,
  _index: number,
  all: OutputUnit[],
): boolean {
  if (passing.has(keyword)) return false;
  // Within alternatives the keyword of the alternatives says it.
  if (/\/(?:anyOf|oneOf|not|contains|propertyNames)\//.test(keywordLocation)) return false;
  // The keyword that forbids a member says so; of other members their own fault is said.
  if (forbidding.has(keyword))
    return all.some((other) => other.keyword === 'false' && parentOf(other) === instanceLocation);
  return (
    keyword !== 'false' ||
    !all.some((other) => forbidding.has(other.keyword) && other.instanceLocation === parentOf({ instanceLocation }))
  );
}

const forbidding = new Set(['additionalProperties', 'unevaluatedProperties']);

/** The pointer to the member around the one at fault. */
function parentOf({ instanceLocation }: Pick<OutputUnit, 'instanceLocation'>): string {
  return instanceLocation.replace(/\/[^/]*$/, '');
}

function faultOf(schema: object, { keyword, keywordLocation, instanceLocation, error }: OutputUnit): ValueFault {
  const path = stepsOf(instanceLocation);
  const [, member] = /property "(.*?)"(?: does| is|\.)/i.exec(error) ?? [];
  const isOfMember = ['required', 'additionalProperties', 'unevaluatedProperties', 'dependentRequired'].includes(
    keyword,
  );
  return {
    path: isOfMember && member !== undefined && path.at(-1) !== member ? [...path, member] : path,
    keyword,
    wanted: stepsOf(keywordLocation).reduce<unknown>((part, step) => (part as Record<string, unknown>)?.[step], schema),
  };
}

function stepsOf(pointer: string): string[] {
  return pointer
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}
