import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { changingList, expectStablePages } from '../../../test/support/lists/pages.js';
import { recordStatements } from '../../../test/support/lists/plans.js';
import { PromotionsHarness } from '../test/promotions-harness.js';
import { someCode } from '../test/some-code.js';
import { JournalStore } from './analytics/journal/journal.store.js';
import { ApplicationsStore } from './applications/applications.store.js';
import { BatchesStore } from './codes/batches/batches.store.js';
import { CodesStore } from './codes/codes.store.js';
import { ReceiptsStore } from './decisions/receipts.store.js';
import { OffersStore } from './offers/offers.store.js';

let statements: ReturnType<typeof recordStatements>;
let harness: PromotionsHarness;
let codeId: string;
const personId = newId();
let entries = 0;

beforeAll(async () => {
  statements = recordStatements();
  harness = await PromotionsHarness.open();
  codeId = (await someCode(harness)).id;
  await harness.query(`update promo_code set owner_id = 'publisher' where id = $1`, [codeId]);
  await add.codes(6);
  await add.archived(7);
  await Promise.all([
    add.changes(7),
    add.persons(7),
    add.offers(7),
    add.receipts(7),
    add.held(7),
    add.redemptions(7),
    add.batches(7),
  ]);
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  statements[Symbol.dispose]();
});

/** Rows with random ids, so that they arrive everywhere in their lists. */
const add = {
  codes: (count: number) =>
    harness.query(
      `insert into promo_code
       select (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'folded', gen_random_uuid()))).*
       from promo_code one, generate_series(1, $2) where id = $1`,
      [codeId, count],
    ),
  changes: (count: number) =>
    harness.query(
      `insert into code_change
       select $1, coalesce((select max(version) from code_change), 0) + i, 'ada', now(), '{}', '{}'
       from generate_series(1, $2) i`,
      [codeId, count],
    ),
  persons: (count: number) =>
    harness.query(`insert into promo_code_person select $1, gen_random_uuid() from generate_series(1, $2)`, [
      codeId,
      count,
    ]),
  /** Some of one instant. */
  offers: (count: number) =>
    harness.query(
      `insert into offer (id, name, registered_at, changed_at)
       select gen_random_uuid(), 'O', timestamptz '2026-03-02' + (i / 3) * interval '1 us', now()
       from generate_series(1, $1) i`,
      [count],
    ),
  receipts: (count: number) =>
    harness.query(
      `insert into decision_receipt (id, code_id, code, person_id, order_id, stage, allowed, reason, trace, at)
       select gen_random_uuid(), $1, 'C', $2, $2, 'hold', false, 'R', '[]',
         timestamptz '2026-03-02' + (i / 3) * interval '1 us'
       from generate_series(1, $3) i`,
      [codeId, personId, count],
    ),
  archived: (count: number) =>
    harness.query(
      `insert into promo_code
       select (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'folded', 'OLD-' || i / 3,
         'status', 'archived'))).*
       from promo_code one, generate_series(1, $2) i where id = $1`,
      [codeId, count],
    ),
  /** Some of one instant. */
  batches: (count: number) =>
    harness.query(
      `insert into code_batch (id, kind, state, created_by, created_at, touched_at)
       select gen_random_uuid(), 'import', 'done', 'ada', timestamptz '2026-03-02' + (i / 3) * interval '1 us', now()
       from generate_series(1, $1) i`,
      [count],
    ),
  /** Applied codes, some of one instant, and as many that are offered. */
  held: async (count: number) => {
    await harness.query(
      `insert into promo_application (code_id, person_id, applied_at, state)
       select gen_random_uuid(), $1, timestamptz '2026-03-02' + (i / 3) * interval '1 us', 'applied'
       from generate_series(1, $2) i`,
      [personId, count],
    );
    await harness.query(
      `with offered as (
         insert into promo_code
         select (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'folded', gen_random_uuid(),
           'kind', 'bonus', 'audience', 'listed', 'status', 'active'))).*
         from promo_code one, generate_series(1, $3) where id = $1
         returning id
       )
       insert into promo_code_person select id, $2 from offered`,
      [codeId, personId, count],
    );
  },
  redemptions: async (count: number) => {
    await harness.query(
      `insert into redemption_entry (code_id, entry_no, kind, redemption_id, person_id, benefit_kind, benefit_minor, at)
       select $1, $2::bigint + i, 'redeemed', gen_random_uuid(), gen_random_uuid(), 'discount', 1, now()
       from generate_series(1, $3) i`,
      [codeId, entries, count],
    );
    entries += count;
    await harness.query(`update promo_code set last_entry = $2 where id = $1`, [codeId, entries]);
  },
};

const receipts = (filter: () => Parameters<ReceiptsStore['list']>[0]) =>
  changingList(
    // Counted only on request, while the others are counted unless the request says otherwise.
    (paging) => harness.get(ReceiptsStore).list(filter(), { count: true, ...paging }),
    ({ id }) => id,
    () => add.receipts(3),
  );
const whole = { from: Temporal.PlainDate.from('2000-01-01'), to: Temporal.PlainDate.from('9999-12-31') };
const idOf = ({ id }: { id: string }) => id;

const large = {
  codes: changingList(
    (paging) => harness.get(CodesStore).list({}, paging),
    idOf,
    () => add.codes(3),
  ),
  'codes of a publisher': changingList(
    (paging) => harness.get(CodesStore).list({ ownerId: 'publisher' }, paging),
    idOf,
    () => add.codes(3),
  ),
  'changes of a code': changingList(
    (paging) => harness.get(CodesStore).changes(codeId, paging),
    ({ version }) => version,
    () => add.changes(3),
  ),
  'persons of a code': changingList(
    (paging) => harness.get(CodesStore).persons(codeId, paging),
    (person) => person.person_id,
    () => add.persons(3),
  ),
  offers: changingList(
    (paging) => harness.get(OffersStore).list({ kind: undefined, search: undefined }, paging),
    idOf,
    () => add.offers(3),
  ),
  'offers of a kind': changingList(
    (paging) => harness.get(OffersStore).list({ kind: 'outside', search: undefined }, paging),
    idOf,
    () => add.offers(3),
  ),
  receipts: receipts(() => ({})),
  'receipts of a code': receipts(() => ({ codeId })),
  'receipts of a person': receipts(() => ({ personId })),
  'receipts of an order': receipts(() => ({ orderId: personId })),
  'refusals of a code': receipts(() => ({ codeId, allowed: false })),
  'refusals of a code for a reason': receipts(() => ({ codeId, reason: 'R', stage: 'hold' })),
  'receipts of a code in a time': receipts(() => ({
    codeId,
    from: Temporal.Instant.from('2026-03-02T00:00:00Z'),
    to: Temporal.Instant.from('2026-03-03T00:00:00Z'),
  })),
  'codes, oldest first': changingList(
    (paging) => harness.get(CodesStore).list({}, paging, 'oldest'),
    idOf,
    () => add.codes(3),
  ),
  'codes by text': changingList(
    (paging) => harness.get(CodesStore).list({}, paging, 'code'),
    idOf,
    () => add.codes(3),
  ),
  'archived codes by text': changingList(
    (paging) => harness.get(CodesStore).list({ status: 'archived' }, paging, 'code'),
    idOf,
    () => add.archived(3),
  ),
  batches: changingList(
    (paging) => harness.get(BatchesStore).list({}, paging),
    idOf,
    () => add.batches(3),
  ),
  'redemptions of a code': changingList(
    (paging) => harness.get(JournalStore).page(codeId, null, paging),
    ({ entryNo }) => entryNo,
    () => add.redemptions(3),
  ),
};

/** Never counted. */
const uncounted = {
  'redemptions of a code that match': changingList(
    (paging) => harness.get(JournalStore).filtered(codeId, { offerId: null, search: null, days: whole }, paging),
    ({ entryNo }) => entryNo,
    () => add.redemptions(3),
  ),
};

/** Of one person, and few. */
const small = {
  'codes of a person': changingList(
    (paging) => harness.get(ApplicationsStore).page(harness.get(Transactions), personId, paging),
    (held) => held.codeId,
    () => add.held(2),
  ),
};

it.each(Object.entries({ ...large, ...small }))(
  '%s: rows that arrive between two pages repeat and skip no row',
  async (_, list) => {
    await expectStablePages(list);
  },
);

it.each(Object.entries({ ...large, ...uncounted }))(
  '%s: an index leads to the page after a cursor, in order',
  async (_, { read }) => {
    const { next_cursor: after } = await read({ limit: 3 });
    const plan = await statements.planOf(harness.databaseUrl, () =>
      read({ limit: 3, count: false, after: String(after) }),
    );
    expect(plan.nodes).not.toContain('Seq Scan');
    expect(plan.nodes).not.toContain('Sort');
    expect(plan.nodes).not.toContain('Incremental Sort');
    expect(plan.lookedUp.join()).toMatch(/\b(id|folded|version|person_id|entry_no|ROW\(.*\)) [<>] /);
  },
);
