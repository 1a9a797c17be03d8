import { Refusal } from '#kernel/refusal.js';
import { type Checks, complaintOf } from '../../parameter-types/domain/parameter-schema.js';
import { checkExamples } from './golden-examples.js';
import type { Method } from './methods/method.js';
import { methodNamed, methodNames, unmetNeed } from './methods/registry.js';
import type { ParameterTemplate, RuleDraft, RuleVersion } from './rule.js';

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
    if (!Object.hasOwn(parameter, 'default')) return;
    const wrong = complaintOf(check(parameter.default)) ?? unmetNeed(method, name, parameter.default);
    if (wrong) throw badTemplate(name, `parameters.${index}.default`, `has a default that does not fit: ${wrong}`);
  });
  for (const name of Object.keys(method.needs)) {
    const parameter = template.find((candidate) => candidate.name === name);
    if (!parameter) throw badTemplate(name, 'parameters', `is missing: the method ${method.name} needs it`);
    if (!parameter.required && !Object.hasOwn(parameter, 'default')) {
      throw badTemplate(name, 'parameters', `must be required or have a default: the method ${method.name} needs it`);
    }
  }
}

function badTemplate(parameter: string, field: string, says: string): Refusal {
  return new Refusal('PARAMETER_TEMPLATE_INVALID', `The parameter ${parameter} ${says}.`, { field, parameter });
}
