import { Refusal } from '#kernel/refusal.js';
import { type Check, type Checks, complaintOf } from '../../parameter-types/domain/parameter-schema.js';
import { checkExamples } from './golden-examples.js';
import { chosenAmount, type Method } from './methods/method.js';
import { methodNamed, methodNames, unmetNeed } from './methods/registry.js';
import { filledParameters, notAmong, type ParameterTemplate, type RuleDraft, type RuleVersion } from './rule.js';

/**
 * Checks a new version: its method exists, its template fits the method and the parameter types, and each golden
 * example gives the expected result.
 * @throws Refusal METHOD_UNKNOWN, PARAMETER_TYPE_UNKNOWN, PARAMETER_TEMPLATE_INVALID, EXAMPLE_FAILED
 */
export function checkPublishable(draft: Pick<RuleVersion, 'method' | 'template' | 'examples'>, checks: Checks): void {
  checkDraft(draft, checks);
  checkExamples(draft, draft.examples, checks);
}

/**
 * Checks that the method exists and that the template fits it.
 * @throws Refusal METHOD_UNKNOWN, PARAMETER_TYPE_UNKNOWN, PARAMETER_TEMPLATE_INVALID
 */
export function checkDraft(draft: RuleDraft, checks: Checks): void {
  const method = methodNamed(draft.method);
  if (!method) {
    const message = `There is no method ${draft.method}; there are ${methodNames.join(', ')}.`;
    throw new Refusal('METHOD_UNKNOWN', message, { field: 'method', methods: methodNames });
  }
  checkTemplate(draft.template, method, checks);
  checkRule(draft.template, method);
}

/** The rule with the kind of each parameter. A type that does not exist is refused later. */
export function withKinds<Rule extends RuleDraft>(rule: Rule, checks: Checks): Rule {
  const template = rule.template.map((parameter) => ({
    ...parameter,
    kind: checks.get(parameter.type)?.kind ?? 'dyn',
  }));
  return { ...rule, template };
}

function checkTemplate(template: readonly ParameterTemplate[], method: Method, checks: Checks): void {
  const names = new Set<string>();
  template.forEach((parameter, index) => {
    const { name, type } = parameter;
    if (names.has(name)) throw badTemplate(name, `parameters.${index}.name`, 'is there twice');
    names.add(name);
    const check = checks.get(type);
    if (!check) {
      throw new Refusal('PARAMETER_TYPE_UNKNOWN', `There is no parameter type ${type}, which ${name} has.`, {
        field: `parameters.${index}.type`,
        parameter: name,
      });
    }
    checkParameter(parameter, `parameters.${index}`, method, check);
  });
  for (const name of Object.keys(method.needs)) {
    const parameter = template.find((candidate) => candidate.name === name);
    if (!parameter) throw badTemplate(name, 'parameters', `is missing: the method ${method.name} needs it`);
    if (!parameter.required && !Object.hasOwn(parameter, 'default')) {
      throw badTemplate(name, 'parameters', `must be required or have a default: the method ${method.name} needs it`);
    }
  }
}

function checkRule(template: readonly ParameterTemplate[], method: Method): void {
  const [fault] = method.ruleFaults?.(template, filledParameters({ template }, {})) ?? [];
  if (!fault || !('parameter' in fault.at)) return;
  const { parameter } = fault.at;
  const index = template.findIndex(({ name }) => name === parameter);
  throw badTemplate(parameter, `parameters.${index}.default`, fault.message);
}

/** @throws Refusal PARAMETER_TEMPLATE_INVALID */
function checkParameter(parameter: ParameterTemplate, field: string, method: Method, check: Check): void {
  const { name, type, choices, fixed } = parameter;
  if (name === chosenAmount) throw badTemplate(name, `${field}.name`, 'has a name that orders use themselves');
  if (type === 'choice' && choices === undefined) throw badTemplate(name, `${field}.choices`, 'needs choices');
  for (const choice of choices ?? []) {
    const wrong = complaintOf(check(choice)) ?? unmetNeed(method, name, choice);
    if (wrong) throw badTemplate(name, `${field}.choices`, `has the choice ${choice}, which does not fit: ${wrong}`);
  }
  if (!Object.hasOwn(parameter, 'default')) {
    if (fixed) throw badTemplate(name, `${field}.default`, 'is fixed and needs a default');
    return;
  }
  const { default: value } = parameter;
  const wrong = complaintOf(check(value)) ?? unmetNeed(method, name, value) ?? notAmong(parameter, value);
  if (wrong) throw badTemplate(name, `${field}.default`, `has a default that does not fit: ${wrong}`);
}

function badTemplate(parameter: string, field: string, says: string): Refusal {
  return new Refusal('PARAMETER_TEMPLATE_INVALID', `The parameter ${parameter} ${says}.`, { field, parameter });
}
