import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { classChanged, classPublished } from '#contracts/subscriptions/classes.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { Transactions } from '#persistence/transaction.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { SubscriptionsHarness } from '../../test/harness.js';
import { ParameterTypesStore } from '../parameter-types/parameter-types.store.js';
import { SaveParameterType } from '../parameter-types/save-parameter-type.js';
import { PublishRule } from '../rules/publish-rule.js';
import type { RuleView } from '../rules/rule-view.js';
import { RulesStore } from '../rules/rules.store.js';
import { ChangeClass } from './change-class.js';
import { CreateClass } from './create-class.js';
import { ReadClasses } from './read-classes.js';

describe('the catalogue', () => {
  let harness: SubscriptionsHarness;
  let rule: RuleView;

  beforeAll(async () => {
    harness = await SubscriptionsHarness.open();
    rule = await harness.singlePaymentRule();
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  function publish(change: object = {}) {
    return harness.get(PublishRule).execute([
      command({
        title: rule.title,
        description: '',
        method: 'single_payment',
        parameters: [{ name: 'price', type: 'amount', required: true }],
        examples: [],
        ...change,
      }),
    ]);
  }

  const terms = () => ({
    title: 'Chess',
    description: 'On Mondays.',
    rule_id: rule.rule_id,
    parameters: { price: 1_500 },
    time_zone: 'Europe/Berlin',
    currency: 'EUR',
    capacity: 12,
    approval_required: false,
    start_date: '2026-04-01',
    end_date: '2026-06-30',
    payment_window_hours: 48,
    repeat_enrolment: 'refused' as const,
    late_payment: 'reopen' as const,
    payment_tolerance_minor: 0,
  });

  describe('a parameter type', () => {
    const save = (name: string, schema: Record<string, unknown>, ui_schema: Record<string, unknown> = {}) =>
      harness.get(SaveParameterType).execute([command({ name, schema, ui_schema })]);

    it('is saved under a unique name', async () => {
      const [saved] = await save('weekday', { enum: ['mon'] }, { 'ui:widget': 'radio' });
      expect(answerOf(saved)).toEqual({
        name: 'weekday',
        schema: { enum: ['mon'] },
        ui_schema: { 'ui:widget': 'radio' },
        version: 1,
        saved_at: '2026-03-02T09:00:00Z',
        changed_at: null,
      });
      const [again] = await save('weekday', { enum: ['tue'] });
      expect(refusalOf(again)).toBe('PARAMETER_TYPE_EXISTS');
      const { items, total } = await harness.get(ParameterTypesStore).list({ page: 1, limit: 10 });
      expect([items.map(({ name }) => name), total]).toEqual([['amount', 'weekday'], 2]);
    });

    it('is refused when its schema is invalid or too costly', async () => {
      expect((await save('risky', { type: 'string', pattern: '^(a+)+$' })).map(refusalOf)).toEqual(['SCHEMA_INVALID']);
      expect((await save('odd', { type: 'nothing' })).map(refusalOf)).toEqual(['SCHEMA_INVALID']);
      const costly = { anyOf: Array.from({ length: 60 }, () => ({ uniqueItems: true })) };
      expect(await save('costly', costly)).toMatchObject([
        { refusal: { code: 'SCHEMA_INVALID', details: { field: ['schema', 'anyOf', '5', 'uniqueItems'] } } },
      ]);
    });
  });

  describe('a rule', () => {
    it('has versions that never change', async () => {
      const [first] = await publish({ title: 'Yearly' });
      const { rule_id, version } = answerOf(first);
      const [second] = await publish({ title: 'Every year', rule_id });
      expect([version, answerOf(second).version, answerOf(second).rule_id]).toEqual([1, 2, rule_id]);
      const rules = harness.get(RulesStore);
      expect((await rules.find({ ruleId: rule_id, version: 1 }))?.title).toBe('Yearly');
      expect((await rules.newest(rule_id))?.title).toBe('Every year');
      const { items, total } = await rules.list({ page: 1, limit: 10 });
      expect([items.map(({ title }) => title), total]).toEqual([['Every year', 'Single payment subscription'], 2]);
    });

    it('is found when the cache is full', async () => {
      class ForgetfulRules extends RulesStore {
        protected override readonly cachedMax = 2;
      }
      const rules = new ForgetfulRules(harness.get(Transactions));
      const { rule_id: ruleId } = answerOf((await publish({ title: 'one' }))[0]);
      for (const title of ['two', 'three']) await publish({ title, rule_id: ruleId });
      const titles = async (...versions: number[]) => {
        const found = await rules.versions(versions.map((version) => ({ ruleId, version })));
        return [...found.values()].map(({ title }) => title);
      };
      expect(await titles(1, 2)).toEqual(['one', 'two']);
      expect(await titles(2, 3)).toEqual(['two', 'three']);
      expect(await titles(1, 2, 3)).toEqual(['one', 'two', 'three']);
    });

    it('gets gapless versions from instances that publish at once', async () => {
      const { rule_id } = answerOf((await publish())[0]);
      await using other = await SubscriptionsHarness.open(harness);
      const next = () => command({ ...rule, title: 'next', parameters: rule.parameters, rule_id });
      const replies = await Promise.all(
        Array.from({ length: 6 }, (_, index) => (index % 2 ? harness : other).get(PublishRule).execute([next()])),
      );
      const versions = replies.map(([reply]) => answerOf(reply).version);
      expect(versions.sort((left, right) => left - right)).toEqual([2, 3, 4, 5, 6, 7]);
    });

    it('is refused when template and method do not fit', async () => {
      const replies = await Promise.all([
        publish({ method: 'monthly' }),
        publish({ parameters: [{ name: 'price', type: 'nothing', required: true }] }),
        publish({ parameters: [] }),
        publish({ rule_id: newId() }),
      ]);
      expect(replies.flat().map(refusalOf)).toEqual([
        'METHOD_UNKNOWN',
        'PARAMETER_TYPE_UNKNOWN',
        'PARAMETER_TEMPLATE_INVALID',
        'RULE_NOT_FOUND',
      ]);
    });

    it('with a failing example leaves the newest version as it was', async () => {
      const failing = {
        title: 'a wrong price',
        parameters: { price: 1_500 },
        ordered_at: '2026-03-02T09:00:00Z',
        time_zone: 'UTC',
        currency: 'EUR',
        class_start: null,
        class_end: null,
        expect: { amount_minor: 1_000, start_date: '2026-03-02', end_date: null },
      };
      const [reply] = await publish({ rule_id: rule.rule_id, examples: [failing] });
      expect(refusalOf(reply)).toBe('EXAMPLE_FAILED');
      expect((await harness.get(RulesStore).newest(rule.rule_id))?.version).toBe(1);
    });
  });

  describe('a class', () => {
    it('is published as it was described, with the rule’s newest version', async () => {
      const published = await harness.class(rule, terms());
      expect(published).toEqual({
        class_id: expect.any(String),
        ...terms(),
        rule_version: 1,
        rule_title: 'Single payment subscription',
        price_minor: 1_500,
        seats_taken: 0,
        seats_left: 12,
        published_at: '2026-03-02T09:00:00Z',
      });
      expect(await harness.get(ReadClasses).one(published.class_id)).toEqual(published);
    });

    it.each<[object, string, string | string[]]>([
      [{ parameters: { price: 'free' } }, 'PARAMETER_INVALID', ['parameters', 'price']],
      [{ parameters: { price: -1 } }, 'PARAMETER_INVALID', ['parameters', 'price']],
      [{ parameters: {} }, 'PARAMETER_MISSING', ['parameters', 'price']],
      [{ parameters: { price: 1, prize: 2 } }, 'PARAMETER_UNKNOWN', ['parameters', 'prize']],
      [{ time_zone: 'EST5EDT' }, 'TIME_ZONE_UNKNOWN', 'time_zone'],
      [{ currency: 'ABC' }, 'CURRENCY_UNKNOWN', 'currency'],
      [{ start_date: '2026-07-01' }, 'DATES_REVERSED', 'end_date'],
      [{ rule_id: '0198c0de-0000-7000-8000-00000000dead' }, 'RULE_NOT_FOUND', 'rule_id'],
    ])('is not saved with %j: %s', async (change, code, field) => {
      const before = (await harness.get(ReadClasses).list({ sort: 'newest' }, { page: 1, limit: 1 })).total;
      const [reply] = await harness.get(CreateClass).execute([command({ ...terms(), ...change })]);
      expect(reply).toEqual({
        refusal: expect.objectContaining({ code, details: expect.objectContaining({ field }) }),
      });
      expect((await harness.get(ReadClasses).list({ sort: 'newest' }, { page: 1, limit: 1 })).total).toBe(before);
    });

    it('changes for future orders; absent properties stay', async () => {
      const { class_id } = await harness.class(rule, terms());
      const [reply] = await harness
        .get(ChangeClass)
        .execute([command({ class_id, parameters: { price: 2_000 }, end_date: null, capacity: null })]);
      const changed = answerOf(reply);
      expect(changed).toMatchObject({ ...terms(), parameters: { price: 2_000 }, end_date: null, capacity: null });
      expect(await harness.get(ReadClasses).one(class_id)).toEqual(changed);
    });

    it('publishes class-published once and class-changed at each change', async () => {
      const publishing = command(terms());
      const [reply] = await harness.get(CreateClass).execute([publishing, publishing]);
      const { class_id, published_at } = answerOf(reply);
      const renaming = command({ class_id, title: 'Go' });
      await harness.get(ChangeClass).execute([renaming, command({ class_id, time_zone: 'Mars/Phobos' })]);
      await harness.get(ChangeClass).execute([renaming]);
      const offered = { class_id, currency: 'EUR', published_at };
      expect((await harness.published(class_id)).map(({ type, data }) => [type, data])).toEqual([
        [classPublished.type, { ...offered, title: 'Chess' }],
        [classChanged.type, { ...offered, title: 'Go', changed_at: '2026-03-02T09:00:00Z' }],
      ]);
    });

    it('moves to the newest version of its rule when it changes, and has to fit it', async () => {
      const own = answerOf((await publish({ title: 'Own' }))[0]);
      const { class_id } = await harness.class(own, { ...terms(), rule_id: own.rule_id });
      await publish({
        rule_id: own.rule_id,
        parameters: [
          { name: 'price', type: 'amount', required: true },
          { name: 'deposit', type: 'amount', required: true },
        ],
      });
      const change = (over: object) => harness.get(ChangeClass).execute([command({ class_id, ...over })]);
      expect((await change({ title: 'Go' })).map(refusalOf)).toEqual(['PARAMETER_MISSING']);
      expect(await harness.get(ReadClasses).one(class_id)).toMatchObject({ title: 'Chess', rule_version: 1 });
      const [fits] = await change({ title: 'Go', parameters: { price: 1, deposit: 2 } });
      expect(answerOf(fits)).toMatchObject({ title: 'Go', rule_version: 2 });
    });

    it('cannot have fewer seats than are taken', async () => {
      const { class_id } = await harness.class(rule, terms());
      for (const person of await harness.persons(2, 'sitting')) await harness.open(person, class_id);
      const resize = (capacity: number) => harness.get(ChangeClass).execute([command({ class_id, capacity })]);
      expect((await resize(1)).map(refusalOf)).toEqual(['CAPACITY_BELOW_SEATS_TAKEN']);
      expect(answerOf((await resize(2))[0])).toMatchObject({ capacity: 2, seats_taken: 2 });
    });

    it('that does not exist cannot be changed, read or quoted', async () => {
      const [reply] = await harness.get(ChangeClass).execute([command({ class_id: newId(), title: 'x' })]);
      expect(refusalOf(reply)).toBe('CLASS_NOT_FOUND');
      await expect(harness.get(ReadClasses).one(newId())).rejects.toThrow(Refusal);
      await expect(harness.get(ReadClasses).quote({ class_id: newId() })).rejects.toThrow('There is no such class.');
    });

    it('is quoted as it would be ordered now', async () => {
      const { class_id } = await harness.class(rule, terms());
      expect(await harness.get(ReadClasses).quote({ class_id })).toEqual({
        class_id,
        price_minor: 1_500,
        discount_minor: 0,
        discounts: [],
        amount_minor: 1_500,
        promo_codes: null,
        choosable_amount: null,
        later_periods: [],
        more_periods: false,
        quoted_at: '2026-03-02T09:00:00Z',
        currency: 'EUR',
        start_date: '2026-04-01',
        end_date: '2026-06-30',
        explanation:
          'It costs 15.00 EUR, paid once. It starts when the class starts, on 2026-04-01. ' +
          'It ends with the class, on 2026-06-30, that day included.',
        trace: [
          { step: 'amount', explanation: 'It costs 15.00 EUR, paid once.' },
          { step: 'start', explanation: 'It starts when the class starts, on 2026-04-01.' },
          { step: 'end', explanation: 'It ends with the class, on 2026-06-30, that day included.' },
        ],
      });
    });

    it('is listed with the others, newest first, page by page', async () => {
      const newest = await harness.class(rule, { ...terms(), title: 'Newest' });
      const { total } = await harness.get(ReadClasses).list({ sort: 'newest' }, { page: 1, limit: 1 });
      const pages = await Promise.all(
        [1, 2, 3].map((page) => harness.get(ReadClasses).list({ sort: 'newest' }, { page, limit: 2 })),
      );
      const ids = pages.flatMap(({ items }) => items.map(({ class_id }) => class_id));
      expect(ids[0]).toBe(newest.class_id);
      expect(ids).toEqual([...new Set(ids)].sort().reverse());
      expect(pages.map((page) => page.total)).toEqual([total, total, total]);
    });
  });
});
