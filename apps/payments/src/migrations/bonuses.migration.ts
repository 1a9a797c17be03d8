import { Migration } from '@mikro-orm/migrations';
import { bonusTables } from '../bonuses/bonuses.sql.js';
import { grantBonusesFunctions, grantBonusesTypes } from '../bonuses/grant-bonuses.js';
import { reverseBonusesFunctions } from '../bonuses/reverse-bonuses.js';

/** Bonuses of promotions, and the account that they come from. */
export class Bonuses extends Migration {
  override up(): void {
    for (const statement of [
      ...bonusTables,
      ...grantBonusesTypes,
      ...grantBonusesFunctions,
      ...reverseBonusesFunctions,
    ]) {
      this.addSql(statement);
    }
  }
}
