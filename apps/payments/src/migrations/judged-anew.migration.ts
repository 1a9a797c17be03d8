import { Migration } from '@mikro-orm/migrations';
import { functions } from './functions.js';

/** Events that nobody understood are judged anew when they come again. */
export class JudgedAnew extends Migration {
  override up(): void {
    for (const statement of functions) this.addSql(statement);
  }
}
