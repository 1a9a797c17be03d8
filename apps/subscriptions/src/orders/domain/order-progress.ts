import type { Order } from './order.js';

interface ProgressStep {
  readonly name: 'opened' | 'confirmed' | 'closed' | 'settled' | 'cancelled' | 'expired';
  /** For people to read. */
  readonly description: string;
  readonly at: Temporal.Instant;
}

/** The steps that an order has gone through so far. */
export interface Progress {
  readonly steps: readonly ProgressStep[];
  /** No further step will come. */
  readonly finished: boolean;
}

/** The steps of an order from its opening, oldest first. Later calls only append steps. */
export function progressOf(order: Order): Progress {
  const steps = stepsOf(order);
  const nothingToSettle = order.state === 'closed' && order.amountMinor === 0;
  const last = steps.at(-1)?.name;
  return {
    steps,
    finished: nothingToSettle || last === 'settled' || last === 'cancelled' || last === 'expired',
  };
}

function stepsOf(order: Order): ProgressStep[] {
  const opened: ProgressStep = {
    name: 'opened',
    description: 'The order was opened and a seat is held.',
    at: order.openedAt,
  };
  switch (order.state) {
    case 'opened':
      return [opened];
    case 'confirmed':
      return [opened, confirmedStep(order, order.confirmedAt)];
    case 'closed': {
      const closed: ProgressStep = { name: 'closed', description: 'The enrolment is made.', at: order.closedAt };
      const steps = [opened, confirmedStep(order, order.confirmedAt), closed];
      if (!order.settledAt) return steps;
      return [...steps, { name: 'settled', description: 'The class has its money.', at: order.settledAt }];
    }
    case 'cancelled': {
      const cancelled: ProgressStep = { name: 'cancelled', description: order.endReason, at: order.endedAt };
      if (!order.confirmation) return [opened, cancelled];
      return [opened, confirmedStep(order, order.confirmation.confirmedAt), cancelled];
    }
    case 'expired':
      return [opened, { name: 'expired', description: order.endReason, at: order.endedAt }];
  }
}

function confirmedStep({ amountMinor }: Order, at: Temporal.Instant): ProgressStep {
  return { name: 'confirmed', description: amountMinor === 0 ? 'There is nothing to pay.' : 'The money is there.', at };
}
