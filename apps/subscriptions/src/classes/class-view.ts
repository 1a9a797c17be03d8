import type { z } from 'zod';
import type { DataOf } from '#contracts/contract.js';
import type {
  classView as classContract,
  classPublished,
  quoteView as quoteContract,
} from '#contracts/subscriptions/classes.js';
import type { Quote } from '../rules/domain/methods/method.js';
import { explain, type RuleVersion } from '../rules/domain/rule.js';
import type { PublishedClass } from './domain/class.js';

export type ClassView = z.output<typeof classContract>;
export type QuoteView = z.output<typeof quoteContract>;

export function classView(published: PublishedClass, rule: RuleVersion): ClassView {
  return {
    class_id: published.id,
    title: published.title,
    description: published.description,
    rule_id: published.ruleId,
    rule_version: published.ruleVersion,
    rule_title: rule.title,
    parameters: { ...published.parameters },
    time_zone: published.timeZone,
    currency: published.currency,
    capacity: published.capacity,
    seats_taken: published.seatsTaken,
    approval_required: published.approvalRequired,
    start_date: published.startDate?.toString() ?? null,
    end_date: published.endDate?.toString() ?? null,
    payment_window_hours: published.paymentWindowHours,
    repeat_enrolment: published.repeatEnrolment,
    published_at: published.publishedAt.toString(),
  };
}

/** The members of a class that its events carry. */
export function offeredClass({ class_id, title, currency, published_at }: ClassView): DataOf<typeof classPublished> {
  return { class_id, title, currency, published_at };
}

export function quoteView({ id, currency }: PublishedClass, quote: Quote): QuoteView {
  return {
    class_id: id,
    amount_minor: quote.amountMinor,
    currency,
    start_date: quote.startDate.toString(),
    end_date: quote.endDate?.toString() ?? null,
    explanation: explain(quote),
    trace: quote.trace.map((step) => ({ ...step })),
  };
}
