import type { MessageProperties } from 'amqplib';
import type { EventContract, Service } from '#contracts/contract.js';
import type { BrokerAccounts } from '../broker-accounts.js';

/** The first publisher of a message that its consumer, or ops, has published again. */
export const firstPublisherHeader = 'first-publisher';

const unknownUser = 'unknown';

/** A message as far as its publisher matters. */
interface Published {
  readonly properties: MessageProperties;
}

/**
 * The broker's user who published a message first. The broker lets a connection set no `user_id` but its own. A message
 * that is retried, parked or replayed was published again by its consumer or by ops, and their word is taken for who
 * published it first.
 */
export function firstPublisher({ properties }: Published, accounts: BrokerAccounts, consumer: Service): string {
  const { userId = unknownUser, headers } = properties;
  const named = headers?.[firstPublisherHeader];
  const isRepublished = [accounts.of(consumer), accounts.of('ops')].includes(userId);
  return isRepublished && typeof named === 'string' ? named : userId;
}

/** The message with its first publisher in a header, which replaces what a stranger may have written there. */
export function withFirstPublisher<Message extends Published>(message: Message, publisher: string): Message {
  const { properties } = message;
  return {
    ...message,
    properties: { ...properties, headers: { ...properties.headers, [firstPublisherHeader]: publisher } },
  };
}

/** The user of the producer of each type of event: nobody else's event of that type is accepted. */
export function producersOf(events: readonly EventContract[], accounts: BrokerAccounts): ReadonlyMap<string, string> {
  return new Map(events.map(({ type, producer }) => [type, accounts.of(producer)]));
}
