import type { Order } from '../../api/generated/operations.ts';
import { Status, type Tone } from '../../design/data/status.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { ordersWords } from '../../messages/words.ts';

const tones: Readonly<Record<Order['state'], Tone>> = {
  opened: 'info',
  confirmed: 'info',
  closed: 'good',
  cancelled: 'neutral',
  expired: 'bad',
};

/** The state of an order as the server says it, with what it waits for. */
export function OrderStatus({ order: { state, waits_for } }: { readonly order: Pick<Order, 'state' | 'waits_for'> }) {
  const words = useWords(ordersWords);
  const isWaiting = waits_for === 'payment' || waits_for === 'approval';
  return (
    <Status tone={isWaiting ? 'warn' : tones[state]}>{isWaiting ? words.waits[waits_for] : words.states[state]}</Status>
  );
}
