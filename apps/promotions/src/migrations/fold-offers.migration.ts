import { Migration } from '@mikro-orm/migrations';

const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$';

/**
 * The classes that a code names are written as offers are known: by their ids in lower case. Written otherwise, a class
 * that a code excludes is not found among them.
 */
export class FoldOffers extends Migration {
  override up(): void {
    this.addSql(`
      update promo_code set offers = array(
        select case when written ~* '${uuid}' then lower(written) else written end
        from unnest(offers) with ordinality as offer (written, place) order by place)
      where exists (
        select from unnest(offers) as offer (written) where written ~* '${uuid}' and written <> lower(written))`);
  }
}
