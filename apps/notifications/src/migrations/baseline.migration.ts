import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Migration } from '@mikro-orm/migrations';

/** The schema of the first release. Later migrations only append. */
export class Baseline extends Migration {
  override up(): void {
    this.addSql(readFileSync(join(import.meta.dirname, 'baseline.sql'), 'utf8'));
  }
}
