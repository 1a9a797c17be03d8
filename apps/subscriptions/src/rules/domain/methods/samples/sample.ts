import type { z } from 'zod';
import type { ruleBody } from '#contracts/subscriptions/rules.js';

/** A whole rule to begin with, as a request publishes it: its parameters, and golden examples that hold. */
export type Sample = z.input<typeof ruleBody>;

/** A parameter that every class gives. */
export function given(name: string, type: string, choices?: string[]) {
  return { name, type, required: true, ...(choices && { choices }) };
}

/** A parameter that a class may give. */
export function optional(name: string, type: string, choices?: string[]) {
  return { name, type, required: false, ...(choices && { choices }) };
}

/** A parameter that the rule decides for every class. */
export function fixed(name: string, type: string, value: unknown) {
  return { name, type, required: false, default: value, fixed: true };
}

/** A class in Berlin from April to June 2026, and an order in March. */
export const berlin = {
  ordered_at: '2026-03-02T09:00:00Z',
  time_zone: 'Europe/Berlin',
  currency: 'EUR',
  class_start: '2026-04-01',
  class_end: '2026-06-30',
};

/** How a golden example rounds. */
export const roundingChoices = ['half_up', 'half_even', 'up', 'down'];
