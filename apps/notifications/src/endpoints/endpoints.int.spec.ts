import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { NotificationsHarness } from '../../test/notifications-harness.js';
import { accepts, Receiver } from '../../test/receiver.js';
import { ArchiveEndpoint } from './archive-endpoint.js';
import { ChangeEndpoint } from './change-endpoint.js';
import { CreateEndpoint } from './create-endpoint.js';
import { PauseEndpoint } from './pause-endpoint.js';
import { ReadEndpoints } from './read-endpoints.js';
import { ResumeEndpoint } from './resume-endpoint.js';
import { RotateSecret } from './rotate-secret.js';

let harness: NotificationsHarness;
let receiver: Receiver;

beforeAll(async () => {
  harness = await NotificationsHarness.open();
  receiver = await Receiver.open();
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
});

const types = ['subscriptions.order-opened.v1'];
const creation = (more: object = {}) =>
  command({ url: 'https://hooks.example.org/in', description: 'CRM', event_types: types, ...more });
const create = (asked: ReturnType<typeof creation>) => harness.get(CreateEndpoint).execute([asked]);
const read = (id: string) => harness.get(ReadEndpoints).one(id);
const on = (endpoint_id: string) => command({ endpoint_id });
const states = async (id: string) => (await harness.deliveries(id)).map(({ state }) => state);

describe('creating an endpoint', () => {
  it('shows its secret, which is stored sealed, and in no reply that is kept', async () => {
    const asked = creation();
    const { endpoint, secret } = answerOf((await create(asked))[0]);
    expect(endpoint).toMatchObject({ url: 'https://hooks.example.org/in', status: 'active', version: 1, failures: 0 });
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(await read(endpoint.endpoint_id)).toEqual(endpoint);
    const bare = (secret as string).slice('whsec_'.length);
    const tables = ['webhook_secret', 'webhook_endpoint', 'command', 'admin_action', 'outbox'];
    for (const table of tables) {
      const rows = await harness.query(`select * from ${table}`);
      expect(JSON.stringify(rows)).not.toContain(bare);
    }
  });

  it('repeated makes one endpoint, and shows the same secret for an hour', async () => {
    const asked = creation();
    const first = answerOf((await create(asked))[0]);
    const [twice, again] = await harness.get(CreateEndpoint).execute([asked, asked]);
    expect([answerOf(twice), answerOf(again)]).toEqual([first, first]);
    harness.clock.moveBy({ hours: 1 });
    expect(answerOf((await create(asked))[0])).toEqual({ ...first, secret: null });
    const changed = { ...asked, data: { ...asked.data, description: 'Other' } };
    expect((await create(changed)).map(refusalOf)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  });

  it('is refused for a URL or a type that does not fit, and changes nothing', async () => {
    const before = (await harness.get(ReadEndpoints).list({ limit: 200 })).total;
    const asked = [
      creation({ url: 'https://user:x@hooks.example.org/' }),
      creation({ url: 'https://10.0.0.1/' }),
      creation({ event_types: ['payments.credit-applied.v1'] }),
      creation({ event_types: ['nothing'] }),
    ];
    const replies = await harness.get(CreateEndpoint).execute(asked);
    expect(replies.map(refusalOf)).toEqual([
      'WEBHOOK_URL_REFUSED',
      'WEBHOOK_URL_REFUSED',
      'WEBHOOK_EVENT_TYPE_UNKNOWN',
      'WEBHOOK_EVENT_TYPE_UNKNOWN',
    ]);
    expect((await harness.get(ReadEndpoints).list({ limit: 200 })).total).toBe(before);
  });
});

describe('changing an endpoint', () => {
  it('needs the version that was read, and keeps what it leaves out', async () => {
    const { id } = await harness.endpoint('https://hooks.example.org/a');
    const change = (data: object) =>
      harness.get(ChangeEndpoint).execute([command({ endpoint_id: id, version: 1, ...data })]);
    expect(answerOf((await change({ description: 'New' }))[0])).toMatchObject({ version: 2, event_types: types });
    expect((await change({ description: 'Newer' })).map(refusalOf)).toEqual(['WEBHOOK_ENDPOINT_CHANGED']);
    expect((await change({ version: 2, url: 'nowhere' })).map(refusalOf)).toEqual(['WEBHOOK_URL_REFUSED']);
    expect(await read(id)).toMatchObject({ version: 2, description: 'New', url: 'https://hooks.example.org/a' });
  });

  it('by two admins at once is done by one of them', async () => {
    const { id } = await harness.endpoint('https://hooks.example.org/a');
    const change = (description: string) =>
      harness.get(ChangeEndpoint).execute([command({ endpoint_id: id, version: 1, description })]);
    const replies = (await Promise.all([change('One'), change('Two')])).flat();
    expect(replies.map(refusalOf).sort()).toEqual(['WEBHOOK_ENDPOINT_CHANGED', null]);
  });
});

describe('a paused endpoint', () => {
  it('gets its events when it is resumed, however late', async () => {
    const { id } = await harness.endpoint(receiver.url);
    const [paused] = await harness.get(PauseEndpoint).execute([on(id)]);
    expect(answerOf(paused)).toMatchObject({ status: 'paused', version: 2 });
    await harness.record(harness.event());
    await harness.send();
    expect(receiver.received).toEqual([]);
    harness.clock.moveBy({ hours: 24 * 10 });
    receiver.answers(500);
    expect(answerOf((await harness.get(ResumeEndpoint).execute([on(id)]))[0])).toMatchObject({ status: 'active' });
    await harness.send();
    expect(await states(id)).toEqual(['pending']);
    receiver.accepts();
    await harness.send({ minutes: 1 });
    expect(await states(id)).toEqual(['delivered']);
    await harness.get(ArchiveEndpoint).execute([on(id)]);
  });

  it('that is disabled is not paused', async () => {
    const { id } = await harness.endpoint(receiver.url);
    await harness.query(`update webhook_endpoint set status = 'disabled' where id = $1`, [id]);
    expect((await harness.get(PauseEndpoint).execute([on(id)])).map(refusalOf)).toEqual([
      'WEBHOOK_ENDPOINT_NOT_ACTIVE',
    ]);
  });
});

it('an archived endpoint gets nothing, its waiting deliveries are cancelled, and it is only read', async () => {
  const { id } = await harness.endpoint(receiver.url);
  await harness.record(harness.event());
  const [archived] = await harness.get(ArchiveEndpoint).execute([on(id)]);
  expect(answerOf(archived)).toMatchObject({ status: 'archived', secrets: [] });
  receiver.received.length = 0;
  await harness.record(harness.event());
  await harness.send();
  expect([receiver.received.length, await states(id)]).toEqual([0, ['cancelled']]);
  expect(await read(id)).toMatchObject({ status: 'archived' });
  const useCases = [harness.get(ArchiveEndpoint), harness.get(PauseEndpoint), harness.get(ResumeEndpoint)];
  for (const useCase of useCases) {
    expect((await useCase.execute([on(id)])).map(refusalOf)).toEqual(['WEBHOOK_ENDPOINT_NOT_FOUND']);
  }
});

describe('rotating the secret', () => {
  const rotate = (endpoint_id: string, overlap_hours: number, id?: string) =>
    harness.get(RotateSecret).execute([command({ endpoint_id, overlap_hours }, id)]);
  const postOne = async () => {
    receiver.received.length = 0;
    await harness.record(harness.event());
    await harness.send();
    const [posted] = receiver.received;
    if (!posted) throw new Error('nothing was posted');
    return posted;
  };

  it('has both sign during the overlap, and the new one alone after it', async () => {
    const { id, secret: before } = await harness.endpoint(receiver.url);
    const { secret: after, endpoint } = answerOf((await rotate(id, 24))[0]);
    expect(endpoint.secrets.length).toBe(2);
    const during = await postOne();
    expect([accepts(before, during), accepts(after as string, during)]).toEqual([true, true]);
    harness.clock.moveBy({ hours: 25 });
    const later = await postOne();
    expect([accepts(before, later), accepts(after as string, later)]).toEqual([false, true]);
    await harness.get(ArchiveEndpoint).execute([on(id)]);
  });

  it('without an overlap ends the one before at once', async () => {
    const { id, secret: before } = await harness.endpoint(receiver.url);
    const { secret: after } = answerOf((await rotate(id, 0))[0]);
    const posted = await postOne();
    expect([accepts(before, posted), accepts(after as string, posted)]).toEqual([false, true]);
    await harness.get(ArchiveEndpoint).execute([on(id)]);
  });

  it('repeated makes one secret', async () => {
    const { id } = await harness.endpoint(receiver.url);
    const key = crypto.randomUUID();
    const first = answerOf((await rotate(id, 24, key))[0]);
    expect(answerOf((await rotate(id, 24, key))[0])).toEqual(first);
    await harness.get(ArchiveEndpoint).execute([on(id)]);
  });

  it('is refused while five secrets sign', async () => {
    const { id } = await harness.endpoint(receiver.url);
    for (let count = 1; count < 5; count++) answerOf((await rotate(id, 24))[0]);
    expect((await rotate(id, 24)).map(refusalOf)).toEqual(['TOO_MANY_WEBHOOK_SECRETS']);
    answerOf((await rotate(id, 0))[0]);
    expect((await read(id)).secrets.length).toBe(1);
  });
});

it('there are at most a hundred endpoints, and they are listed newest first', async () => {
  const list = () => harness.get(ReadEndpoints).list({ limit: 200 });
  const living = (await list()).items.filter(({ status }) => status !== 'archived').length;
  const many = Array.from({ length: 101 - living }, () => creation());
  const replies = await harness.get(CreateEndpoint).execute(many);
  expect(replies.map(refusalOf).filter((code) => code !== null)).toEqual(['TOO_MANY_WEBHOOK_ENDPOINTS']);
  const { items } = await list();
  expect(items.map(({ created_at }) => created_at)).toEqual(
    items
      .map(({ created_at }) => created_at)
      .sort()
      .reverse(),
  );
});
