import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelModel, connect } from 'amqplib';
import pg from 'pg';
import { depthOf } from '../stack/queue-depth.ts';

/** The services that publish and consume events. */
export const messagingServices = ['subscriptions', 'payments', 'promotions', 'notifications'] as const;
export type MessagingService = (typeof messagingServices)[number];

/** Where messages can be. */
export interface MessagePlaces {
  databaseUrl(service: MessagingService): string;
  readonly brokerUrl: string;
  /** The running instances of a service. */
  instancesOf(service: MessagingService): readonly { readonly name: string; readonly operationsUrl: string }[];
}

/** Between the broker's hand and the consumer's a message is in nobody's count. */
const handOverMs = 100;

/** Where what failed for the moment waits for its next attempt. */
export function retryQueuesOf(service: string): string[] {
  return [1, 2, 3, 4, 5].map((tier) => `${service}.retry.${tier}`);
}

/**
 * What is on its way from one service to another, in words: events in outboxes and queues, and in the hands of
 * consumers. Nothing, when what all databases say is final. Looks twice, because a message may go back to where one has
 * looked already.
 */
export async function whatIsUnderWay(places: MessagePlaces): Promise<string[]> {
  const first = await look(places);
  if (first.length > 0) return first;
  await sleep(handOverMs);
  return look(places);
}

/** What waits for people to look at it, in words. */
export async function whatIsParked({ brokerUrl }: MessagePlaces): Promise<string[]> {
  const connection = await connect(brokerUrl);
  try {
    return await depthsOf(
      connection,
      messagingServices.map((service) => `${service}.parked`),
    );
  } finally {
    await connection.close();
  }
}

async function look(places: MessagePlaces): Promise<string[]> {
  const connection = await connect(places.brokerUrl);
  try {
    const found: string[] = [];
    for (const service of messagingServices) {
      found.push(...(await outboxOf(service, places.databaseUrl(service))));
      found.push(...(await depthsOf(connection, [...retryQueuesOf(service), service])));
      for (const { name, operationsUrl } of places.instancesOf(service))
        found.push(...(await inTheHandsOf(name, operationsUrl)));
    }
    return found;
  } finally {
    await connection.close();
  }
}

async function outboxOf(service: string, url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ depth: number }>('select count(*)::int as depth from outbox');
    const depth = rows[0]?.depth ?? 0;
    return depth === 0 ? [] : [`the outbox of ${service} holds ${depth} events`];
  } finally {
    await client.end();
  }
}

async function depthsOf(connection: ChannelModel, queues: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const queue of queues) {
    const depth = await depthOf(connection, queue);
    if (depth > 0) found.push(`${depth} messages wait in ${queue}`);
  }
  return found;
}

/** What a consumer has fetched and not acknowledged is in no queue's count. */
async function inTheHandsOf(name: string, url: string): Promise<string[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const [, unsettled] = /^messaging_unsettled_events\{.*\} (\d+)$/m.exec(metrics) ?? [];
  return unsettled === '0' ? [] : [`${name} has ${unsettled ?? 'an unknown number of'} events in hand`];
}
