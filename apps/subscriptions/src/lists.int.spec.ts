import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { changingList, expectStablePages } from '../../../test/support/lists/pages.js';
import { recordStatements } from '../../../test/support/lists/plans.js';
import { SubscriptionsHarness } from '../test/harness.js';
import { ClassesStore } from './classes/classes.store.js';
import { EnrolmentsStore } from './enrolments/enrolments.store.js';
import { type OrderFilter, OrdersStore } from './orders/orders.store.js';
import { ParameterTypesStore } from './parameter-types/parameter-types.store.js';
import { PersonsStore } from './persons/persons.store.js';
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
         approval_required, payment_window_hours, published_at)
       select gen_random_uuid(), 'C', '', rule_id, 1, '{}', 'UTC', 'EUR', 0, false, 48, now()
       from (select rule_id from rule_versions limit 1) rule, generate_series(1, $1)`,
      [count],
    ),
  orders: (count: number) =>
    harness.query(
      `insert into orders (id, person_id, class_id, state, rule_id, rule_version, parameters, trace, amount_minor,
         currency, start_date, approval_required, opened_at, expires_at, ended_at, end_reason)
       select gen_random_uuid(), $2, $3, 'cancelled', gen_random_uuid(), 1, '{}', '[]', 1, 'EUR', '2026-01-01', false, now(), now(),
         now(), 'no' from generate_series(1, $1)`,
      [count, personId, classId],
    ),
  enrolments: (count: number) =>
    harness.query(
      `insert into enrolments (order_id, id, person_id, class_id, start_date, enrolled_at)
       select gen_random_uuid(), gen_random_uuid(), $2, $3, '2026-01-01', now() from generate_series(1, $1)`,
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
      `insert into parameter_types select 't' || md5(random()::text), '{}', '{}', now() from generate_series(1, $1)`,
      [count],
    ),
};

const orders = (filter: Partial<OrderFilter>) =>
  changingList(
    (paging) => harness.get(OrdersStore).list({ visibleTo: null, ...filter }, paging),
    ({ id }) => id,
    () => add.orders(3),
  );

const lists = {
  orders: orders({}),
  'orders of a person': orders({ visibleTo: personId }),
  'orders of a class': orders({ classId }),
  'orders in a state': orders({ state: 'cancelled' }),
  classes: changingList(
    (paging) => harness.get(ClassesStore).list(paging),
    ({ id }) => id,
    () => add.classes(3),
  ),
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
  expect(plan.lookedUp.join()).toMatch(/\b(id|rule_id|name) [<>] /);
});
