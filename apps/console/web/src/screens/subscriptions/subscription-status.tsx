import type { Subscription } from '../../api/generated/operations.ts';
import { Status, type Tone } from '../../design/data/status.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { subscriptionsWords } from '../../messages/words.ts';

const tones: Readonly<Record<Subscription['state'], Tone>> = { active: 'good', suspended: 'warn', ended: 'neutral' };

/** The state of a subscription as the server says it. */
export function SubscriptionStatus({ state }: Pick<Subscription, 'state'>) {
  const words = useWords(subscriptionsWords);
  return <Status tone={tones[state]}>{words.states[state]}</Status>;
}
