import { Migration } from '@mikro-orm/migrations';

/** Orders with promo codes. */
export class Discounts extends Migration {
  override up(): void {
    this.addSql(`alter table orders add column discounts jsonb not null default '[]'`);

    // Orders that promotions is asked to hold uses for, and that are opened or forgone (order-drafts.store.ts).
    this.addSql(`
      create table order_drafts (
        command_id text primary key,
        order_id uuid not null unique,
        drafted_at timestamptz not null
      )`);
    this.addSql('create index order_drafts_age on order_drafts (drafted_at)');
  }
}
