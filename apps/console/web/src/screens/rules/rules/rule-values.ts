import type {
  GoldenExample,
  ParameterTemplate,
  SubscriptionMethod,
  SubscriptionRuleBody,
} from '../../../api/generated/operations.ts';

/** A golden example as it is typed. */
export interface TypedExample {
  readonly key: string;
  readonly title: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly orderedAt: string | null;
  readonly zone: string;
  readonly currency: string;
  readonly classStart: string;
  readonly classEnd: string;
  readonly seats: string;
  readonly chosenAmount: string;
  /** The person who orders, as a published example has them. */
  readonly person: GoldenExample['person'];
  readonly amount: string;
  readonly start: string;
  readonly end: string;
}

/** A parameter as it is typed; without a default where `hasDefault` is false. */
export interface TypedParameter {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly hasDefault: boolean;
  /** Every class has the default. */
  readonly isFixed: boolean;
  /** One choice in each line; nothing where any value will do. */
  readonly choices: string;
  readonly defaultValue: unknown;
}

export interface RuleValues {
  readonly title: string;
  readonly description: string;
  readonly method: string;
  readonly parameters: readonly TypedParameter[];
  readonly examples: readonly TypedExample[];
}

export function emptyRule(): RuleValues {
  return { title: '', description: '', method: '', parameters: [], examples: [] };
}

export function newParameter(name = ''): TypedParameter {
  return { key: crypto.randomUUID(), name, type: '', isRequired: true, ...noDefault };
}

const noDefault = { hasDefault: false, defaultValue: undefined, isFixed: false, choices: '' };

export function newExample(zone: string, currency: string): TypedExample {
  return {
    ...{ key: crypto.randomUUID(), title: '', parameters: {}, orderedAt: null, zone, currency },
    ...{ classStart: '', classEnd: '', amount: '', start: '', end: '' },
    ...{ seats: '', chosenAmount: '', person: undefined },
  };
}

/** What a published version says, to be changed for the next one. */
export function valuesOf(rule: SubscriptionRuleBody): RuleValues {
  const { title, description = '', method, parameters = [], examples = [] } = rule;
  return {
    ...{ title, description, method },
    parameters: parameters.map((parameter) => ({
      ...newParameter(parameter.name),
      type: parameter.type,
      isRequired: parameter.required ?? true,
      hasDefault: Object.hasOwn(parameter, 'default'),
      defaultValue: parameter.default,
      isFixed: parameter.fixed === true,
      choices: (parameter.choices ?? []).join('\n'),
    })),
    examples: examples.map((example) => ({
      ...newExample(example.time_zone, example.currency),
      title: example.title,
      parameters: example.parameters,
      orderedAt: example.ordered_at,
      classStart: example.class_start ?? '',
      classEnd: example.class_end ?? '',
      seats: textOf(example.seats),
      chosenAmount: textOf(example.chosen_amount_minor),
      person: example.person,
      amount: String(example.expect.amount_minor),
      start: example.expect.start_date,
      end: example.expect.end_date ?? '',
    })),
  };
}

function textOf(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}

export function templateOf(parameters: readonly TypedParameter[]): ParameterTemplate[] {
  return parameters.map(({ name, type, isRequired, hasDefault, defaultValue, isFixed, choices }) => {
    const listed = linesOf(choices);
    return {
      name,
      type,
      required: isRequired,
      ...(hasDefault && { default: defaultValue ?? null }),
      ...(hasDefault && isFixed && { fixed: true }),
      ...(listed.length > 0 && { choices: listed }),
    };
  });
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The body that publishes what was typed. What is left out is named by the server. */
export function bodyOf({ title, description, method, parameters, examples }: RuleValues) {
  return { title, description, method, parameters: templateOf(parameters), examples: examples.map(exampleOf) };
}

function exampleOf(typed: TypedExample): GoldenExample {
  return {
    title: typed.title,
    parameters: typed.parameters,
    ordered_at: typed.orderedAt ?? '',
    time_zone: typed.zone,
    currency: typed.currency,
    class_start: typed.classStart || null,
    class_end: typed.classEnd || null,
    ...(typed.seats.trim() !== '' && { seats: Number(typed.seats) }),
    ...(typed.chosenAmount.trim() !== '' && { chosen_amount_minor: Number(typed.chosenAmount) }),
    ...(typed.person && { person: typed.person }),
    expect: {
      amount_minor: typed.amount.trim() === '' ? Number.NaN : Number(typed.amount),
      start_date: typed.start,
      end_date: typed.end || null,
    },
  };
}

/** Whether an example has all that the server needs to run it. */
export function canRun({ title, orderedAt, amount, start, zone, currency }: TypedExample): boolean {
  return Boolean(
    title.trim() && orderedAt && /^\d+$/.test(amount.trim()) && start && zone && /^[A-Z]{3}$/.test(currency),
  );
}

/** The template with what the method needs: a parameter stays as it was typed. */
export function withNeeds(
  parameters: readonly TypedParameter[],
  method: SubscriptionMethod | undefined,
): readonly TypedParameter[] {
  const missing = neededBy(method).filter((name) => !parameters.some((parameter) => parameter.name === name));
  return [...missing.map((name) => newParameter(name)), ...parameters];
}

/** The names of the parameters that a method needs. */
export function neededBy(method: SubscriptionMethod | undefined): readonly string[] {
  return (method?.needs.required ?? []) as readonly string[];
}

/** What a method says of one of its needs. */
export function needOf(method: SubscriptionMethod | undefined, name: string): string | undefined {
  const needs = (method?.needs.properties ?? {}) as Readonly<Record<string, { readonly description?: string }>>;
  return needs[name]?.description;
}
