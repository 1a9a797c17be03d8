import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChannelModel, connect } from 'amqplib';
import { eventsExchange } from '#messaging/connection/topology.js';
import { type Envelope, readEnvelope } from '#messaging/envelope.js';
import { unpack } from '#messaging/publishing/packing.js';
import { eventually } from '../support/eventually.js';
import { adminCommands } from '../support/stack/admin-commands.js';
import { ApiClient } from '../support/stack/api-client.js';
import { Scenario } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

interface Operation {
  readonly operationId: string;
  readonly 'x-roles': readonly string[];
  readonly parameters?: readonly { readonly name: string }[];
}

const { paths } = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8')) as {
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

/** These are commands of admins as well, and their journey is elsewhere: they need a provider. */
const elsewhere = ['beginCheckout'];

/** A command is what a repeat of is harmless: it has an Idempotency-Key. */
const commandsOfAdmins = Object.values(paths)
  .flatMap((operations) => Object.values(operations))
  .filter(({ parameters }) => parameters?.some(({ name }) => name === 'Idempotency-Key'))
  .filter((operation) => operation['x-roles'].includes('admin'))
  .map(({ operationId }) => operationId);

it('every command that an admin may give is among these', () => {
  expect(commandsOfAdmins.length).toBeGreaterThan(30);
  expect(commandsOfAdmins.sort()).toEqual([...Object.keys(adminCommands), ...elsewhere].sort());
});

describe('what an admin does', () => {
  let stack: Stack;
  let scenario: Scenario;
  let broker: ChannelModel;
  const published: Envelope[] = [];

  beforeAll(async () => {
    stack = await Stack.start();
    scenario = await Scenario.on(stack);
    broker = await connect(stack.brokerUrl);
    const channel = await broker.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true });
    await channel.bindQueue(queue, eventsExchange, '#');
    const receive = (message: Parameters<Parameters<typeof channel.consume>[1]>[0]) => {
      if (message) published.push(...unpack(message).map(({ event }) => readEnvelope(event)));
    };
    await channel.consume(queue, receive, { noAck: true });
  });
  afterAll(async () => {
    await broker?.close();
    await stack?.stop();
  });

  const eventsBy = (subject: string) =>
    published
      .filter(({ authoredBy }) => authoredBy?.subject === subject)
      .map(({ type, authoredBy }) => {
        expect(authoredBy?.role).toBe('admin');
        return type.split('.')[1];
      })
      .sort();

  it.each(Object.entries(adminCommands))('%s: the author is on record, and in its events', async (name, prepare) => {
    const { method = 'POST', path, body, headers = {}, kinds, events } = await prepare(scenario);
    const subject = `author of ${name}`;
    const author = new ApiClient(stack.gatewayUrl, await stack.token('admin', subject));
    const key = { 'idempotency-key': `authors-${name}` };
    const answer = await author.request(method, path, body, { ...headers, ...key });
    expect(answer).toMatchObject({ status: expect.any(Number) });
    if (answer.status >= 300) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    // A repeat is the same action.
    await author.request(method, path, body, { ...headers, ...key });

    const { body: actions } = await scenario.admin.get(`/admin/actions?author=${encodeURIComponent(subject)}`);
    const recorded = actions.items as { kind: string; author: object; subjects: string[] }[];
    expect(recorded.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
    for (const action of recorded) {
      expect(action.author).toEqual({ subject, role: 'admin' });
      expect(action.subjects).not.toEqual([]);
    }
    await eventually(async () => expect(eventsBy(subject)).toEqual([...events].sort()));
  });
});
