import { Migration } from '@mikro-orm/migrations';

/** What the contracts take for a space around a text, the byte order mark included. */
const spaces =
  '\\t\\n\\u000b\\f\\r \\u00a0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006\\u2007\\u2008\\u2009\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';
const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$';

/**
 * The offers that a code names are written without spaces around them, as whoever tells of them has them read; a class
 * is then told by its id in lower case. Written otherwise, an offer that a code excludes is not found among them.
 */
export class TrimOffers extends Migration {
  override up(): void {
    this.addSql(`
      update promo_code set offers = array(
        select case when trimmed ~* '${uuid}' then lower(trimmed) else trimmed end
        from unnest(offers) with ordinality as offer (written, place)
        cross join lateral (select btrim(written, E'${spaces}') as trimmed) as bare order by place)
      where exists (
        select from unnest(offers) as offer (written) where written <> btrim(written, E'${spaces}'))`);
  }
}
