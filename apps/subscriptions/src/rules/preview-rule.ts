import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { previewRule } from '#contracts/subscriptions/rule-previews.js';
import { Clock } from '#kernel/clock.js';
import { ParameterTypesStore } from '../parameter-types/parameter-types.store.js';
import { runExample, tryRule } from './domain/golden-examples.js';
import { checkDraft, withKinds } from './domain/publishing.js';
import type { ParameterTemplate, RuleVersion } from './domain/rule.js';
import { exampleOutcomeView, inputsOf, refusalsView, ruleQuoteView } from './rule-preview-view.js';
import { exampleOf } from './rule-view.js';
import { RulesStore } from './rules.store.js';

type Request = RequestOf<typeof previewRule>;
type Preview = ResponseOf<typeof previewRule>;
type Previewed = Pick<RuleVersion, 'method' | 'template' | 'examples'>;

/** Tries a rule, published or not, on given inputs and on its golden examples. Nothing is written. */
@Injectable()
export class PreviewRule {
  constructor(
    private readonly rules: RulesStore,
    private readonly types: ParameterTypesStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal RULE_NOT_FOUND, METHOD_UNKNOWN, PARAMETER_TYPE_UNKNOWN, PARAMETER_TEMPLATE_INVALID */
  async execute(request: Request): Promise<Preview> {
    const previewed = await this.previewed(request);
    const names = previewed.template.map(({ type }) => type);
    const checks = await this.types.checksOf(names);
    const rule = withKinds(previewed, checks);
    checkDraft(rule, checks);
    const inputs = request.inputs && inputsOf(request.inputs, this.clock.now());
    const outcome = inputs && tryRule(rule, inputs, checks);
    return {
      quote: inputs && outcome ? ruleQuoteView(rule, inputs, outcome) : null,
      refusals: outcome ? refusalsView(outcome) : [],
      examples: rule.examples.map((example) => exampleOutcomeView(rule, example, runExample(rule, example, checks))),
    };
  }

  private async previewed(request: Request): Promise<Previewed> {
    if (request.rule_id !== undefined) return this.rules.get(request.rule_id, request.version);
    const { method = '', parameters, examples } = request;
    return { method, template: parameters as ParameterTemplate[], examples: examples.map(exampleOf) };
  }
}
