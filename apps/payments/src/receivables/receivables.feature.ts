import type { Feature } from '#jobs/feature.js';
import { OpenReceivables } from './open-receivables.js';
import { OrdersConsumer } from './orders.consumer.js';
import { ReadOrderMoney } from './read-order-money.js';
import { SettleReceivables } from './settle-receivables.js';
import { WithdrawReceivables } from './withdraw-receivables.js';

export const receivables: Feature = {
  controllers: [OrdersConsumer],
  providers: [OpenReceivables, SettleReceivables, WithdrawReceivables, ReadOrderMoney],
};
