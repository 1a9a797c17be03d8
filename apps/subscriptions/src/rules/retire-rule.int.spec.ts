import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { SubscriptionsHarness } from '../../test/harness.js';
import { ChangeClass } from '../classes/change-class.js';
import { CreateClass } from '../classes/create-class.js';
import { ReadClasses } from '../classes/read-classes.js';
import { PublishRule } from './publish-rule.js';
import { RetireRule } from './retire-rule.js';
import { RulesStore } from './rules.store.js';

let harness: SubscriptionsHarness;

beforeAll(async () => {
  harness = await SubscriptionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

const retire = (rule_id: string) => harness.get(RetireRule).execute([command({ rule_id })]);
const reinstate = (rule_id: string) => harness.get(RetireRule).reinstate([command({ rule_id })]);
const version = (rule_id: string) =>
  harness
    .get(PublishRule)
    .execute([command({ title: 'Next', description: '', method: 'free', parameters: [], examples: [], rule_id })]);
const terms = (rule_id: string) => ({
  title: 'Chess',
  description: '',
  rule_id,
  parameters: {},
  time_zone: 'Europe/Berlin',
  currency: 'EUR',
  capacity: null,
  approval_required: false,
  start_date: null,
  end_date: null,
  payment_window_hours: 48,
  repeat_enrolment: 'refused' as const,
  late_payment: 'reopen' as const,
  payment_tolerance_minor: 0,
});
const create = (rule_id: string) => harness.get(CreateClass).execute([command(terms(rule_id))]);
const change = (class_id: string, data: object) => harness.get(ChangeClass).execute([command({ class_id, ...data })]);

describe('a retired rule', () => {
  it('has no further version, and no class begins with it', async () => {
    const { rule_id } = await harness.freeRule();
    const other = await harness.class(await harness.freeRule(), { parameters: {} });
    expect(answerOf((await retire(rule_id))[0])).toMatchObject({ rule_id, retired_at: '2026-03-02T09:00:00Z' });
    expect((await version(rule_id)).map(refusalOf)).toEqual(['RULE_RETIRED']);
    expect((await create(rule_id)).map(refusalOf)).toEqual(['RULE_RETIRED']);
    expect((await change(other.class_id, { rule_id })).map(refusalOf)).toEqual(['RULE_RETIRED']);
    expect((await harness.get(RulesStore).newest(rule_id))?.version).toBe(1);
    expect(await harness.get(ReadClasses).one(other.class_id)).toEqual(other);
  });

  it('stays with the classes that have it: they change and are ordered, and their orders are explained', async () => {
    const rule = await harness.freeRule();
    const { class_id } = await harness.class(rule, { parameters: {} });
    const before = await harness.open(await harness.person('before'), class_id);
    await retire(rule.rule_id);
    expect(answerOf((await change(class_id, { title: 'Go' }))[0])).toMatchObject({ title: 'Go' });
    const after = await harness.open(await harness.person('after'), class_id);
    expect(after.state).toBe('closed');
    expect(await harness.order(before.order_id)).toMatchObject({ explanation: before.explanation });
  });

  it('is retired once, and taken back', async () => {
    const { rule_id } = await harness.freeRule();
    await retire(rule_id);
    const listed = async (retired?: boolean) => {
      const { items } = await harness.get(RulesStore).list({ retired, page: 1, limit: 100 });
      return items.some(({ ruleId }) => ruleId === rule_id);
    };
    expect([await listed(), await listed(true), await listed(false)]).toEqual([true, true, false]);
    const since = String(harness.clock.now());
    harness.clock.moveBy({ hours: 1 });
    expect(answerOf((await retire(rule_id))[0])).toMatchObject({ retired_at: since });
    expect(answerOf((await reinstate(rule_id))[0])).toMatchObject({ retired_at: null });
    expect(answerOf((await reinstate(rule_id))[0])).toMatchObject({ retired_at: null });
    expect([await listed(true), await listed(false)]).toEqual([false, true]);
    expect(answerOf((await version(rule_id))[0])).toMatchObject({ version: 2 });
    expect((await create(rule_id)).map(refusalOf)).toEqual([null]);
  });

  it('has to exist', async () => {
    expect((await retire(newId())).map(refusalOf)).toEqual(['RULE_NOT_FOUND']);
    expect((await reinstate(newId())).map(refusalOf)).toEqual(['RULE_NOT_FOUND']);
  });

  it('and a version that are published at once come one after the other', async () => {
    const { rule_id } = await harness.freeRule();
    await using other = await SubscriptionsHarness.open(harness);
    const next = () =>
      other
        .get(PublishRule)
        .execute([command({ title: 'x', description: '', method: 'free', parameters: [], examples: [], rule_id })]);
    const [, ...replies] = await Promise.all([retire(rule_id), next(), next(), next()]);
    const refused = replies.flat().map(refusalOf);
    const published = refused.filter((code) => code === null).length;
    expect((await harness.get(RulesStore).newest(rule_id))?.version).toBe(1 + published);
    expect((await version(rule_id)).map(refusalOf)).toEqual(['RULE_RETIRED']);
  });
});
