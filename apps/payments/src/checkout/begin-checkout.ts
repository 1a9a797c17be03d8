import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import type { beginCheckout } from '#contracts/payments/checkout.js';
import { getOrder } from '#contracts/subscriptions/orders.js';
import { Refusal } from '#kernel/refusal.js';
import type { CommandOf, ReplyOf, Unavailable } from '#messaging/envelope.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import type { OrderToPay } from './domain/payable-order.js';
import { OrderPages } from './order-pages.js';
import { StripeCheckout } from './stripe-checkout.js';

type Begin = CommandOf<typeof beginCheckout>;
type Begun = ReplyOf<typeof beginCheckout>;

/** Well below the time that the client waits. */
const timeoutMs = 2_000;

/** Refusals that an operator or another amount ends: a repeat of the command is decided again. */
const notFinal: ReadonlySet<string> = new Set(['CHECKOUT_UNAVAILABLE', 'CHECKOUT_REFUSED']);

/**
 * Opens the payment page of an order. The order is read from subscriptions, which decides who may see it. No network
 * call is made inside a transaction: the reply is stored after the provider has answered, and a repeat before that
 * gets the same page.
 */
@Injectable()
export class BeginCheckout {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly rpc: RpcClient,
    private readonly pages: OrderPages,
    private readonly stripe: StripeCheckout,
  ) {}

  execute(batch: readonly Begin[]): Promise<(Begun | Unavailable)[]> {
    return Promise.all(batch.map((command) => this.begin(command)));
  }

  private async begin(command: Begin): Promise<Begun | Unavailable> {
    try {
      return (await this.storedReply(command)) ?? (await this.store(command, await this.replyTo(command)));
    } catch (error) {
      if (error instanceof ServiceUnavailable) return { unavailable: error.message };
      throw error;
    }
  }

  private async replyTo({ data }: Begin): Promise<Begun> {
    try {
      this.stripe.assertConfigured();
      const order = await this.rpc.request(getOrder, data, { timeoutMs });
      const page = await this.pages.pageOf(orderToPay(order));
      return {
        answer: {
          order_id: order.order_id,
          url: page.url,
          expires_at: page.expiresAt.toString(),
          amount_minor: page.amountMinor,
          currency: order.currency,
          balance_minor: page.balanceMinor,
          debt_minor: page.debtMinor,
        },
      };
    } catch (error) {
      if (error instanceof Refusal) return { refusal: error };
      throw error;
    }
  }

  /** The stored reply to a repeat; undefined for a command that is to be carried out. */
  private async storedReply(command: Begin): Promise<Begun | undefined> {
    const due = new Refusal('CHECKOUT_UNAVAILABLE', 'This command was not carried out yet.');
    const [reply] = await this.transactions.run((tx) =>
      this.commands.answer(
        tx,
        [command],
        async () => [{ refusal: due }] as Begun[],
        () => false,
      ),
    );
    return reply && 'refusal' in reply && reply.refusal === due ? undefined : reply;
  }

  private async store(command: Begin, reply: Begun): Promise<Begun> {
    if ('refusal' in reply && notFinal.has(reply.refusal.code)) return reply;
    const [stored] = await this.transactions.run((tx) => this.commands.answer(tx, [command], async () => [reply]));
    return stored ?? reply;
  }
}

function orderToPay(order: ResponseOf<typeof getOrder>): OrderToPay {
  return {
    orderId: order.order_id,
    personId: order.person_id,
    title: order.class_title,
    state: order.state,
    amountMinor: order.amount_minor,
    currency: order.currency,
    waitsFor: order.waits_for,
    expiresAt: order.expires_at === null ? null : Temporal.Instant.from(order.expires_at),
  };
}
