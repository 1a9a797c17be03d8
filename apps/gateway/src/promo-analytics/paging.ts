import type { z } from 'zod';
import type { userApplicationsQuery } from '#contracts/promo-analytics.js';
import { Refusal } from '#kernel/refusal.js';

/** @throws Refusal OUT_OF_RANGE */
export function pageAsked({ page, limit, total }: z.output<typeof userApplicationsQuery>) {
  return {
    page: whole('page', page ?? '1', 1, 1_000_000),
    limit: whole('limit', limit ?? '50', 1, 200),
    ...(total !== undefined && { total: whole('total', total, 0, Number.MAX_SAFE_INTEGER) }),
  };
}

function whole(field: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Refusal('OUT_OF_RANGE', `${field} is a whole number from ${least} to ${most}.`, { field, least, most });
}

/**
 * Where the pages around this one are (RFC 8288), of the list as it stood for this one: whoever follows them sees each
 * entry once, whatever comes meanwhile.
 */
export function linksTo(url: string, { page, limit, total }: { page: number; limit: number; total: number }) {
  const [path] = url.split('?', 1);
  const link = (rel: string, number: number) => `<${path}?page=${number}&limit=${limit}&total=${total}>; rel="${rel}"`;
  const last = Math.max(1, Math.ceil(total / limit));
  const links = [
    ...(page > 1 ? [link('first', 1), link('prev', Math.min(page - 1, last))] : []),
    ...(page < last ? [link('next', page + 1), link('last', last)] : []),
  ];
  return links.length > 0 ? links.join(', ') : undefined;
}
