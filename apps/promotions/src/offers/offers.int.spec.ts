import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { command, envelope } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { ChangeOffer } from './change-offer.js';
import { DeleteOffer } from './delete-offer.js';
import { ProjectClasses } from './project-classes.js';
import { ReadOffers } from './read-offers.js';
import { RegisterOffer } from './register-offer.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

const published = (class_id: string, title = 'Chess') => ({
  class_id,
  title,
  currency: 'EUR',
  published_at: '2026-03-01T08:00:00Z',
});
const changed = (class_id: string, title: string, changed_at: string) => ({
  ...published(class_id, title),
  changed_at,
});
const project = (...events: ReturnType<typeof published>[]) =>
  harness.get(ProjectClasses).execute(events.map((data) => envelope(data)));
const register = (offer_id: string, name = 'A shop', currency: string | null = null) =>
  harness.get(RegisterOffer).execute([command({ offer_id, name, currency, sender: null })]);
const read = (offerId: string) => harness.get(ReadOffers).one(offerId);

describe('a class', () => {
  it('is an offer under its newest title, in any order of the events', async () => {
    const id = newId();
    const [first, last] = [changed(id, 'Go', '2026-03-01T09:00:00Z'), changed(id, 'Checkers', '2026-03-01T10:00:00Z')];
    await project(last);
    await project(published(id), first);
    expect(await read(id.toUpperCase())).toEqual({
      offer_id: id,
      name: 'Checkers',
      class_id: id,
      currency: 'EUR',
      sender: null,
      registered_at: '2026-03-01T08:00:00Z',
      changed_at: '2026-03-01T10:00:00Z',
      deleted_at: null,
    });
  });

  it('received twice is the same offer', async () => {
    const id = newId();
    const event = envelope(published(id));
    await harness.get(ProjectClasses).execute([event, event, envelope(changed(id, 'Go', '2026-03-01T09:00:00Z'))]);
    await harness.get(ProjectClasses).execute([event]);
    expect((await read(id)).name).toBe('Go');
  });

  it('changed twice at one instant has the later of the two changes', async () => {
    const id = newId();
    const at = '2026-03-01T09:00:00Z';
    await project(published(id), changed(id, 'Chess', at), changed(id, 'Go', at));
    expect((await read(id)).name).toBe('Go');
  });

  it('changes only with the class', async () => {
    const id = newId();
    await project(published(id));
    const change = command({ offer_id: id, name: 'Mine' });
    expect((await harness.get(ChangeOffer).execute([change])).map(refusalOf)).toEqual(['OFFER_IS_CLASS']);
    const end = command({ offer_id: id });
    expect((await harness.get(DeleteOffer).execute([end])).map(refusalOf)).toEqual(['OFFER_IS_CLASS']);
    expect((await register(id)).map(refusalOf)).toEqual(['OFFER_EXISTS']);
  });
});

describe('an offer of an external system', () => {
  it('is registered once; a repeated command gets the first answer', async () => {
    const registering = command({ offer_id: 'shop-1', name: 'Books', currency: 'EUR', sender: 'bookshop' });
    const [first, second] = await harness
      .get(RegisterOffer)
      .execute([registering, command({ offer_id: 'shop-1', name: 'Other', currency: null, sender: null })]);
    expect(answerOf(first)).toMatchObject({
      offer_id: 'shop-1',
      name: 'Books',
      currency: 'EUR',
      class_id: null,
      sender: 'bookshop',
    });
    expect(refusalOf(second)).toBe('OFFER_EXISTS');
    expect(await harness.get(RegisterOffer).execute([registering])).toEqual([
      { ...first, firstAnsweredAt: expect.any(Temporal.Instant) },
    ]);
    expect((await read('shop-1')).name).toBe('Books');
  });

  it('has its id exactly as its system writes it', async () => {
    await register('Case');
    expect((await register('case')).map(refusalOf)).toEqual([null]);
  });

  it('changes only the members that a change names', async () => {
    await register('shop-2', 'Books', 'EUR');
    const change = (over: object) => harness.get(ChangeOffer).execute([command({ offer_id: 'shop-2', ...over })]);
    expect(answerOf((await change({ name: 'Maps' }))[0])).toMatchObject({ name: 'Maps', currency: 'EUR' });
    expect(answerOf((await change({ currency: null }))[0])).toMatchObject({ name: 'Maps', currency: null });
    expect((await change({ currency: 'ABC' })).map(refusalOf)).toEqual(['CURRENCY_UNKNOWN']);
    expect(await read('shop-2')).toMatchObject({ name: 'Maps', currency: null });
  });

  it('that is deleted keeps its name, and its id is not registered again', async () => {
    await register('shop-3', 'Toys');
    const end = () => harness.get(DeleteOffer).execute([command({ offer_id: 'shop-3' })]);
    const [ended] = await end();
    expect(answerOf(ended)).toMatchObject({ name: 'Toys', deleted_at: '2026-03-02T09:00:00Z' });
    expect((await end()).map(refusalOf)).toEqual(['OFFER_NOT_FOUND']);
    expect((await register('shop-3')).map(refusalOf)).toEqual(['OFFER_EXISTS']);
    expect(await read('shop-3')).toEqual(answerOf(ended));
  });

  it('that is not registered is not found', async () => {
    await expect(read('nowhere')).rejects.toMatchObject({ code: 'OFFER_NOT_FOUND' });
    const change = command({ offer_id: 'nowhere', name: 'x' });
    expect((await harness.get(ChangeOffer).execute([change])).map(refusalOf)).toEqual(['OFFER_NOT_FOUND']);
  });

  it('is not registered in a currency that does not exist', async () => {
    expect((await register('shop-4', 'x', 'ABC')).map(refusalOf)).toEqual(['CURRENCY_UNKNOWN']);
  });
});

it('offers are listed newest first, by kind, by id and by a part of the name', async () => {
  harness.clock.moveBy({ hours: 1 });
  await register('unique-shop', 'Zebra stripes');
  const list = (filter: { kind?: 'class' | 'outside'; search?: string }) =>
    harness.get(ReadOffers).list({ page: 1, limit: 200, ...filter });
  const all = await list({});
  expect(all.items[0]?.offer_id).toBe('unique-shop');
  const [classes, outside] = [await list({ kind: 'class' }), await list({ kind: 'outside' })];
  expect(classes.items.every(({ class_id }) => class_id !== null)).toBe(true);
  expect(outside.items.every(({ class_id }) => class_id === null)).toBe(true);
  expect(all.total).toBe(Number(classes.total) + Number(outside.total));
  for (const search of ['ZEBRA', 'bra str', 'unique-shop']) {
    expect((await list({ search })).items.map(({ offer_id }) => offer_id)).toEqual(['unique-shop']);
  }
});
