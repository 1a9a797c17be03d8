import { z } from 'zod';
import { query } from '../contract.js';
import { currency, id, idKey, instant, pageOf, paging } from '../wire.js';
import { activeHours, codeKind, codeStatus, offersRule, subject, weekday } from './promo-code-terms.js';
import { codeFilter } from './promo-codes.js';

/** A code as its publisher sees it: its availability now, and what remains of its limits. */
export const publisherCode = z
  .object({
    code_id: id,
    code: z.string(),
    title: z.string(),
    kind: codeKind,
    status: codeStatus,
    benefit: z.string().describe('The benefit in words.'),
    currency: currency.nullable(),
    valid_from: instant.nullable(),
    valid_until: instant.nullable(),
    hours: z.object({
      active_hours: activeHours,
      days: z.array(weekday).nullable(),
      as_of: instant.describe('The instant of these values.'),
      open: z.boolean().describe('Whether hours and validity allow a use now.'),
      local_time: z.string(),
      next_opens_at: instant.nullable(),
      closes_at: instant.nullable(),
      seconds_to_opening: z.int().min(0).nullable(),
      seconds_to_closing: z.int().min(0).nullable(),
    }),
    uses: z.object({
      used: z.int(),
      held: z.int(),
      max_uses: z.int().nullable(),
      remaining: z.int().min(0).nullable().describe('Exact; null is unlimited.'),
      max_uses_per_person: z.int().nullable(),
      max_uses_per_offer: z.int().nullable(),
    }),
    money: z.object({
      given_minor: z.int(),
      held_minor: z.int(),
      budget_minor: z.int().nullable(),
      remaining_minor: z.int().min(0).nullable(),
    }),
    offers: z.object({
      rule: offersRule,
      offers: z.array(z.object({ offer_id: z.string(), name: z.string().nullable() })),
    }),
    first_used_at: instant.nullable(),
    auto_deactivated_at: instant.nullable(),
  })
  .meta({ id: 'PublisherCode' });

export const listPublisherCodes = query({
  type: 'promotions.list-publisher-codes.v1',
  service: 'promotions',
  about: 'Lists the codes of a publisher with their availability, newest first.',
  request: z.object({ owned_by: subject, status: codeStatus.optional(), search: codeFilter.search, ...paging(idKey) }),
  response: pageOf(publisherCode),
});

export const getPublisherCode = query({
  type: 'promotions.get-publisher-code.v1',
  service: 'promotions',
  about: 'Returns a code of a publisher. Codes of others are not found.',
  refusals: ['PROMO_CODE_NOT_FOUND'],
  request: z.object({ code_id: id, owned_by: subject }),
  response: publisherCode,
});
