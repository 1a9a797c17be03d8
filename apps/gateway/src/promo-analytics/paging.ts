import type { z } from 'zod';
import type { userApplicationsQuery } from '#contracts/http.js';
import type { pageMembers } from '#contracts/wire.js';
import { Refusal } from '#kernel/refusal.js';

/**
 * The requested page.
 * @throws Refusal OUT_OF_RANGE
 */
export function requestedPage({ page, limit, total, ...rest }: z.output<typeof userApplicationsQuery>) {
  return {
    ...rest,
    ...(page !== undefined && { page: whole('page', page, 1, 1_000_000) }),
    limit: whole('limit', limit ?? '50', 1, 200),
    ...(total !== undefined && { total: whole('total', total, 0, Number.MAX_SAFE_INTEGER) }),
  };
}

function whole(field: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Refusal('OUT_OF_RANGE', `${field} is a whole number from ${least} to ${most}.`, { field, least, most });
}

/** What a page says of itself. */
type PageMembers = z.output<z.ZodObject<typeof pageMembers>>;

/** The members of a query string that say which page it is; a link to another page has its own. */
const pageMembersOf = ['page', 'limit', 'after', 'total', 'count'];

/** The path of a list with its filters, up to the first member that says which page it is. */
function pathWithFilters(url: string): string {
  const [path = '', query = ''] = url.split('?', 2);
  const filters = new URLSearchParams(query);
  for (const member of pageMembersOf) filters.delete(member);
  return filters.size === 0 ? `${path}?` : `${path}?${filters}&`;
}

/**
 * The Link header (RFC 8288) to the pages around this one; undefined for a single page. Links by number carry `total`,
 * so that a reader sees each entry once even if the list grows. A list that is not counted, or was continued by a
 * cursor, has a link to the next page alone.
 */
export function linksTo(url: string, { page, limit, total, next_cursor: cursor }: PageMembers) {
  const path = pathWithFilters(url);
  if (page === undefined || total === undefined) {
    const uncounted = total === undefined ? '&count=false' : '';
    return cursor === null ? undefined : `<${path}after=${cursor}&limit=${limit}${uncounted}>; rel="next"`;
  }
  const link = (rel: string, number: number) => `<${path}page=${number}&limit=${limit}&total=${total}>; rel="${rel}"`;
  const last = Math.max(1, Math.ceil(total / limit));
  const links = [
    ...(page > 1 ? [link('first', 1), link('prev', Math.min(page - 1, last))] : []),
    ...(page < last ? [link('next', page + 1), link('last', last)] : []),
  ];
  return links.length > 0 ? links.join(', ') : undefined;
}
