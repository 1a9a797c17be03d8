import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { changingList, expectStablePages } from '../../../test/support/lists/pages.js';
import { recordStatements } from '../../../test/support/lists/plans.js';
import { SubscriptionsHarness } from '../test/harness.js';
import { ClassesStore, type ClassFilter } from './classes/classes.store.js';
import { EnrolmentsStore } from './enrolments/enrolments.store.js';
import type { OrderFilter, OrderSort } from './orders/listing/order-filter.js';
import { OrderListsStore } from './orders/listing/order-lists.store.js';
import { ParameterTypesStore } from './parameter-types/parameter-types.store.js';
import { PersonsStore } from './persons/persons.store.js';
import { type SubscriptionFilter, SubscriptionListsStore } from './renewals/subscription-lists.store.js';
import { RulesStore } from './rules/rules.store.js';

let statements: ReturnType<typeof recordStatements>;
let harness: SubscriptionsHarness;
const personId = newId();
const classId = newId();

beforeAll(async () => {
  statements = recordStatements();
  harness = await SubscriptionsHarness.open();
  await add.persons(7);
  await harness.query(`update persons set id = $1 where id = (select min(id::text)::uuid from persons)`, [personId]);
  await add.rules(7);
  await add.classes(7);
  await harness.query(`update classes set id = $1 where id = (select min(id::text)::uuid from classes)`, [classId]);
  await add.orders(7);
  await add.enrolments(7);
  await add.subscriptions(7);
  await add.types(7);
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  statements[Symbol.dispose]();
});

/** Rows with random ids and names, so that they arrive everywhere in their lists. */
const add = {
  persons: (count: number) =>
    harness.query(
      `insert into persons (id, name, name_words, username, email, email_key, email_verified, version, registered_at)
       select gen_random_uuid(), 'N', 'n', gen_random_uuid(), 'e', 'e', false, 1, now() from generate_series(1, $1)`,
      [count],
    ),
  classes: (count: number) =>
    harness.query(
      `insert into classes (id, title, description, rule_id, rule_version, parameters, time_zone, currency, seats_taken,
         approval_required, payment_window_hours, published_at, title_words, starts_on)
       select gen_random_uuid(), 'C', '', rule_id, 1, '{}', 'UTC', 'EUR', 0, false, 48, now(), md5(random()::text),
         date '2026-01-01' + (random() * 1000)::int
       from (select rule_id from rule_versions limit 1) rule, generate_series(1, $1)`,
      [count],
    ),
  /** In each state that is waited in, opened at random times of a year. */
  orders: (count: number) =>
    harness.query(
      `with opened as (
         select gen_random_uuid() as id, state, timestamptz '2026-03-01' + random() * interval '200 days' as opened_at,
           case state when 'closed' then $2::uuid else gen_random_uuid() end as person_id
         from unnest(array['opened', 'confirmed', 'closed']) as state, generate_series(1, $1)
       ), payers as (
         insert into persons (id, name, name_words, username, email, email_key, email_verified, version, registered_at)
         select person_id, 'N', 'n', person_id, 'e', 'e', false, 1, now() from opened where state <> 'closed'
       )
       insert into orders (id, person_id, class_id, state, rule_id, rule_version, parameters, trace, amount_minor,
         currency, start_date, approval_required, opened_at, expires_at, transfer_id, confirmed_at, closed_at,
         subscription_id)
       select id, person_id, $3, state, id, 1, '{}', '[]', 1, 'EUR', '2026-01-01', false, opened_at,
         opened_at + interval '2 days', case when state <> 'opened' then id end,
         case when state <> 'opened' then now() end, case when state = 'closed' then now() end, id
       from opened`,
      [count, personId, classId],
    ),
  enrolments: (count: number) =>
    harness.query(
      `insert into enrolments (order_id, id, person_id, class_id, start_date, enrolled_at)
       select gen_random_uuid(), gen_random_uuid(), $2, $3, '2026-01-01', now() from generate_series(1, $1)`,
      [count, personId, classId],
    ),
  subscriptions: (count: number) =>
    harness.query(
      `insert into subscriptions (id, person_id, class_id, state, version, started_at, due_at, ended_at, end_reason)
       select gen_random_uuid(), $2, $3, state, 1, now(),
         case state when 'active' then now() + random() * interval '200 days' end,
         case state when 'ended' then now() end, case state when 'ended' then 'completed' end
       from unnest(array['active', 'ended']) as state, generate_series(1, $1)`,
      [count, personId, classId],
    ),
  /** Each with a version that is not listed. */
  rules: (count: number) =>
    harness.query(
      `insert into rule_versions
       select rule.id, version, 'R', '', 'single-payment', '[]', '[]', now()
       from (select gen_random_uuid() as id from generate_series(1, $1)) rule, generate_series(1, 2) as version`,
      [count],
    ),
  types: (count: number) =>
    harness.query(
      `insert into parameter_types (name, schema, ui_schema, saved_at) select 't' || md5(random()::text), '{}', '{}', now() from generate_series(1, $1)`,
      [count],
    ),
};

const orders = (filter: Partial<OrderFilter>, sort: OrderSort = 'newest') =>
  changingList(
    (paging) => harness.get(OrderListsStore).list({ visibleTo: null, ...filter }, sort, paging),
    ({ order }) => order.id,
    () => add.orders(1),
  );

const subscriptions = (filter: Partial<SubscriptionFilter>, sort: 'newest' | 'due' = 'newest') =>
  changingList(
    (paging) => harness.get(SubscriptionListsStore).list({ visibleTo: null, ...filter }, sort, paging),
    ({ subscription }) => subscription.id,
    () => add.subscriptions(2),
  );

const classes = (filter: ClassFilter) =>
  changingList(
    (paging) => harness.get(ClassesStore).list(filter, Temporal.Now.instant(), paging),
    ({ id }) => id,
    () => add.classes(3),
  );

const lists = {
  orders: orders({}),
  'orders of a person': orders({ visibleTo: personId }),
  'orders of a class': orders({ classId }),
  'orders in a state': orders({ state: 'closed' }),
  'orders, the oldest first': orders({}, 'oldest'),
  'orders opened in a span of time': orders({
    openedFrom: Temporal.Instant.from('2026-01-01T00:00Z'),
    openedTo: Temporal.Instant.from('2027-01-01T00:00Z'),
  }),
  'orders that wait for payment': orders({ waitsFor: 'payment' }),
  'orders that wait for payment, by their due time': orders({ waitsFor: 'payment' }, 'due'),
  'orders that wait for approval': orders({ waitsFor: 'approval' }),
  'orders that wait for settlement': orders({ waitsFor: 'settlement' }),
  subscriptions: subscriptions({}),
  'subscriptions of a person': subscriptions({ visibleTo: personId }),
  'subscriptions of a class': subscriptions({ classId }),
  'active subscriptions': subscriptions({ state: 'active' }),
  'ended subscriptions': subscriptions({ state: 'ended' }),
  'subscriptions by what happens next': subscriptions({ dueBefore: Temporal.Instant.from('2100-01-01T00:00Z') }, 'due'),
  classes: classes({ sort: 'newest' }),
  'available classes': classes({ sort: 'newest', available: true }),
  'classes by title': classes({ sort: 'title' }),
  'classes by their first day': classes({ sort: 'starts', startsFrom: Temporal.PlainDate.from('2026-01-02') }),
  'enrolments of a person': changingList(
    (paging) => harness.get(EnrolmentsStore).ofPerson(personId, paging),
    ({ id }) => id,
    () => add.enrolments(3),
  ),
  'students of a class': changingList(
    (paging) => harness.get(EnrolmentsStore).ofClass(classId, paging),
    ({ id }) => id,
    () => add.enrolments(3),
  ),
  persons: changingList(
    (paging) => harness.get(PersonsStore).search(undefined, paging),
    ({ id }) => id,
    () => add.persons(3),
  ),
  rules: changingList(
    (paging) => harness.get(RulesStore).list(paging),
    (rule) => rule.ruleId,
    () => add.rules(3),
  ),
  'parameter types': changingList(
    (paging) => harness.get(ParameterTypesStore).list(paging),
    ({ name }) => name,
    () => add.types(3),
  ),
};

it.each(Object.entries(lists))('%s: rows that arrive between two pages repeat and skip no row', async (_, list) => {
  await expectStablePages(list);
});

it.each(Object.entries(lists))('%s: an index leads to the page after a cursor, in order', async (_, { read }) => {
  const { next_cursor: after } = await read({ limit: 3 });
  const plan = await statements.planOf(harness.databaseUrl, () =>
    read({ limit: 3, count: false, after: String(after) }),
  );
  expect(plan.nodes).not.toContain('Seq Scan');
  expect(plan.nodes).not.toContain('Sort');
  expect(plan.nodes).not.toContain('Incremental Sort');
  expect(plan.lookedUp.join()).toMatch(
    /\b(id|rule_id|name) [<>] |ROW\((opened_at|expires_at|title_words|starts_on|due_at), id\) [<>] /,
  );
});
