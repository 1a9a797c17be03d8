import { Migration } from '@mikro-orm/migrations';
import { messagingTables } from '#messaging/tables.js';

/**
 * Persons, the catalogue, orders and enrolments.
 *
 * Orders and enrolments name persons and classes without foreign keys: those are never deleted and were read in the
 * transaction that names them, while a key would rewrite the person's row, and queue at the class's, for each order.
 * `npm run verify` proves that none points into the void.
 */
export class CatalogueAndOrders extends Migration {
  override up(): void {
    for (const statement of messagingTables()) this.addSql(statement);

    this.addSql(`
      create table persons (
        id uuid primary key,
        name text not null,
        username text not null,
        email text not null,
        registered_at timestamptz not null
      )`);
    this.addSql('create unique index persons_username on persons (lower(username))');
    this.addSql('create unique index persons_email on persons (lower(email))');

    this.addSql(`
      create table parameter_types (
        name text primary key,
        schema jsonb not null,
        ui_schema jsonb not null,
        saved_at timestamptz not null
      )`);

    this.addSql(`
      create table rule_versions (
        rule_id uuid not null,
        version integer not null check (version >= 1),
        title text not null,
        description text not null,
        method text not null,
        template jsonb not null,
        examples jsonb not null,
        published_at timestamptz not null,
        primary key (rule_id, version)
      )`);

    // Room on each page for the next versions of a row whose seats move with every order, and no index on what moves.
    this.addSql(`
      create table classes (
        id uuid primary key,
        title text not null,
        description text not null,
        rule_id uuid not null,
        rule_version integer not null,
        parameters jsonb not null,
        time_zone text not null,
        currency text not null,
        capacity integer check (capacity >= 1),
        seats_taken integer not null check (seats_taken >= 0),
        approval_required boolean not null,
        start_date date,
        end_date date,
        payment_window_hours integer not null check (payment_window_hours >= 1),
        published_at timestamptz not null,
        foreign key (rule_id, rule_version) references rule_versions,
        check (end_date >= start_date),
        check (seats_taken <= capacity)
      ) with (fillfactor = 50)`);

    this.addSql(`
      create table orders (
        id uuid primary key,
        person_id uuid not null,
        class_id uuid not null,
        state text not null,
        rule_id uuid not null,
        rule_version integer not null,
        parameters jsonb not null,
        trace jsonb not null,
        amount_minor bigint not null check (amount_minor >= 0),
        currency text not null,
        start_date date not null,
        end_date date check (end_date >= start_date),
        approval_required boolean not null,
        opened_at timestamptz not null,
        expires_at timestamptz,
        transfer_id uuid,
        confirmed_at timestamptz,
        closed_at timestamptz,
        settled_at timestamptz,
        ended_at timestamptz,
        end_reason text,
        constraint state_and_instants check (
          case state
            when 'opened' then confirmed_at is null and closed_at is null and ended_at is null
            when 'confirmed' then confirmed_at is not null and closed_at is null and ended_at is null
            when 'closed' then confirmed_at is not null and closed_at is not null and ended_at is null
            when 'cancelled' then closed_at is null and ended_at is not null
            when 'expired' then confirmed_at is null and closed_at is null and ended_at is not null
            else false
          end
          and (settled_at is null or state = 'closed')
          and (ended_at is null) = (end_reason is null)
        ),
        constraint money_and_waiting check (
          (amount_minor = 0) = (expires_at is null)
          and (transfer_id is null) = (confirmed_at is null or amount_minor = 0)
        )
      ) with (fillfactor = 80)`);
    // The one that decides: a person has one order of a class at a time that is neither closed nor ended.
    this.addSql(
      `create unique index orders_open on orders (person_id, class_id) where state in ('opened', 'confirmed')`,
    );
    this.addSql(`create index orders_expiry on orders (expires_at) where state = 'opened'`);
    // For the lists, newest first. Ids grow with time, so each index grows at the end of its person, class or state.
    this.addSql('create index orders_of_person on orders (person_id, id)');
    this.addSql('create index orders_of_class on orders (class_id, id)');
    this.addSql('create index orders_in_state on orders (state, id)');

    this.addSql(`
      create table enrolments (
        order_id uuid primary key,
        id uuid not null,
        person_id uuid not null,
        class_id uuid not null,
        start_date date not null,
        end_date date check (end_date >= start_date),
        enrolled_at timestamptz not null
      )`);
    this.addSql('create index enrolments_of_person on enrolments (person_id, id)');
    this.addSql('create index enrolments_of_class on enrolments (class_id, id)');
  }
}
