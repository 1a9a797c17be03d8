import type { z } from 'zod';
import type { goldenExample, plannedPeriod, rule as ruleContract } from '#contracts/subscriptions/rules.js';
import type { Orderer, Period } from './domain/methods/method.js';
import { explain, type GoldenExample, type ParameterTemplate, type RuleVersion } from './domain/rule.js';

export type RuleView = z.output<typeof ruleContract>;
export type ExampleView = z.output<typeof goldenExample>;

/** @param retirements since when rules are retired, by id */
export function ruleView(rule: RuleVersion, retirements: ReadonlyMap<string, Temporal.Instant> = new Map()): RuleView {
  return {
    rule_id: rule.ruleId,
    version: rule.version,
    title: rule.title,
    description: rule.description,
    method: rule.method,
    parameters: rule.template.map(templateView),
    examples: rule.examples.map(exampleView),
    published_at: rule.publishedAt.toString(),
    retired_at: retirements.get(rule.ruleId)?.toString() ?? null,
  };
}

function templateView({ kind: _, choices, ...parameter }: ParameterTemplate): RuleView['parameters'][number] {
  return { ...parameter, ...(choices && { choices: [...choices] }) };
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

/** Periods from one number on, as quotes and previews show them. */
export function periodsView(periods: readonly Period[], from: number): z.output<typeof plannedPeriod>[] {
  return periods.map((period, index) => ({
    period: from + index,
    amount_minor: period.amountMinor,
    start_date: period.startDate.toString(),
    end_date: period.endDate?.toString() ?? null,
    due_date: period.dueDate.toString(),
    explanation: explain(period),
  }));
}

/** What the order of an example, or of other inputs, adds to the class. */
export function choiceOf(
  example: Pick<ExampleView, 'seats' | 'chosen_amount_minor' | 'person'>,
): GoldenExample['choice'] {
  const { seats = 1, chosen_amount_minor: amountMinor = null, person } = example;
  return { seats, amountMinor, person: person ? ordererOf(person) : null };
}

function ordererOf({ registered_at: registeredAt, email_domain: emailDomain }: NonNullable<ExampleView['person']>) {
  return { registeredAt: Temporal.Instant.from(registeredAt), emailDomain };
}

export function exampleOf(example: ExampleView): GoldenExample {
  const { expect } = example;
  return {
    title: example.title,
    parameters: example.parameters,
    orderedAt: Temporal.Instant.from(example.ordered_at),
    offer: offerOf(example),
    choice: choiceOf(example),
    expect: {
      amountMinor: expect.amount_minor,
      startDate: Temporal.PlainDate.from(expect.start_date),
      endDate: expect.end_date === null ? null : Temporal.PlainDate.from(expect.end_date),
    },
  };
}

function ordererView({ registeredAt, emailDomain }: Orderer): NonNullable<ExampleView['person']> {
  return { registered_at: registeredAt.toString(), email_domain: emailDomain };
}

export function exampleView(example: GoldenExample): ExampleView {
  const { title, parameters, orderedAt, offer, choice, expect } = example;
  return {
    title,
    parameters: { ...parameters },
    ordered_at: orderedAt.toString(),
    time_zone: offer.timeZone,
    currency: offer.currency,
    class_start: offer.startDate?.toString() ?? null,
    class_end: offer.endDate?.toString() ?? null,
    ...(choice.seats > 1 && { seats: choice.seats }),
    ...(choice.amountMinor !== null && { chosen_amount_minor: choice.amountMinor }),
    ...(choice.person && { person: ordererView(choice.person) }),
    expect: {
      amount_minor: expect.amountMinor,
      start_date: expect.startDate.toString(),
      end_date: expect.endDate?.toString() ?? null,
    },
  };
}
