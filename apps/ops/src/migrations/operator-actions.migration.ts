import { Migration } from '@mikro-orm/migrations';

/** What operators did to parked messages: never changed once done, never deleted. */
export class OperatorActions extends Migration {
  override up(): void {
    this.addSql(`
      create table operator_actions (
        id uuid primary key,
        kind text not null check (kind in ('replay', 'discard')),
        place text not null,
        operator text not null,
        reason text check (kind <> 'discard' or reason is not null),
        asked_at timestamptz not null,
        done_at timestamptz,
        failure text,
        check (done_at is null or failure is null)
      )`);
    this.addSql('create index operator_actions_newest on operator_actions (asked_at desc, id desc)');
    this.addSql(`
      create table operator_action_messages (
        action_id uuid not null references operator_actions,
        parked_id text not null,
        message_id text,
        type text,
        subject text,
        park_reason text not null,
        detail text not null,
        parked_at text,
        attempts integer not null,
        body bytea not null,
        primary key (action_id, parked_id)
      )`);
  }
}
