import { Migration } from '@mikro-orm/migrations';
import { activeHoursDefault } from '../codes/domain/active-hours.js';

/**
 * Rows that were written before a field existed say nothing of it: they get what is true when nothing is said, and no
 * row says less from now on. What a row does say stays.
 */
export class CodeDefaults extends Migration {
  override up(): void {
    const members = `array[${Object.keys(activeHoursDefault)
      .map((name) => `'${name}'`)
      .join(', ')}]`;
    // Spelled as a function: the operator for it begins with what drivers take for a parameter.
    this.addSql(`
      update promo_code set active_hours = '${JSON.stringify(activeHoursDefault)}'::jsonb || jsonb_strip_nulls(active_hours)
      where not jsonb_exists_all(jsonb_strip_nulls(active_hours), ${members})`);
    this.addSql(`
      alter table promo_code add constraint active_hours_are_whole
        check (jsonb_exists_all(jsonb_strip_nulls(active_hours), ${members}))`);
  }
}
