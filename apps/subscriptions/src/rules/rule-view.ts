import type { z } from 'zod';
import type { goldenExample, rule as ruleContract } from '#contracts/subscriptions/rules.js';
import type { GoldenExample, RuleVersion } from './domain/rule.js';

export type RuleView = z.output<typeof ruleContract>;
export type ExampleView = z.output<typeof goldenExample>;

export function ruleView(rule: RuleVersion): RuleView {
  return {
    rule_id: rule.ruleId,
    version: rule.version,
    title: rule.title,
    description: rule.description,
    method: rule.method,
    parameters: [...rule.template],
    examples: rule.examples.map(exampleView),
    published_at: rule.publishedAt.toString(),
  };
}

/** The class of an example, or of other inputs that a rule is tried with. */
export function offerOf(
  example: Pick<ExampleView, 'time_zone' | 'currency' | 'class_start' | 'class_end'>,
): GoldenExample['offer'] {
  const { time_zone: timeZone, currency, class_start: classStart, class_end: classEnd } = example;
  return {
    timeZone,
    currency,
    startDate: classStart === null ? null : Temporal.PlainDate.from(classStart),
    endDate: classEnd === null ? null : Temporal.PlainDate.from(classEnd),
  };
}

export function exampleOf(example: ExampleView): GoldenExample {
  const { expect } = example;
  return {
    title: example.title,
    parameters: example.parameters,
    orderedAt: Temporal.Instant.from(example.ordered_at),
    offer: offerOf(example),
    expect: {
      amountMinor: expect.amount_minor,
      startDate: Temporal.PlainDate.from(expect.start_date),
      endDate: expect.end_date === null ? null : Temporal.PlainDate.from(expect.end_date),
    },
  };
}

export function exampleView({ title, parameters, orderedAt, offer, expect }: GoldenExample): ExampleView {
  return {
    title,
    parameters: { ...parameters },
    ordered_at: orderedAt.toString(),
    time_zone: offer.timeZone,
    currency: offer.currency,
    class_start: offer.startDate?.toString() ?? null,
    class_end: offer.endDate?.toString() ?? null,
    expect: {
      amount_minor: expect.amountMinor,
      start_date: expect.startDate.toString(),
      end_date: expect.endDate?.toString() ?? null,
    },
  };
}
