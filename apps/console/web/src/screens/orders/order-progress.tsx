import { useCallback, useRef } from 'react';
import type { Order, OrderStep } from '../../api/generated/operations.ts';
import { useRefreshAll } from '../../api/queries.ts';
import { announce } from '../../design/announce.ts';
import { Countdown } from '../../design/data/countdown.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { ordersWords } from '../../messages/words.ts';
import { Skeleton } from '../../states/skeleton.tsx';
import { useOrderSteps } from './order-steps.ts';

const way: readonly OrderStep['name'][] = ['opened', 'confirmed', 'closed', 'settled'];
const ends: ReadonlySet<OrderStep['name']> = new Set(['cancelled', 'expired']);

/** The steps of an order as they come, without a reload; each one reads order and money again. */
export function OrderProgress({ order }: { readonly order: Order }) {
  const words = useWords(ordersWords);
  const refresh = useRefreshAll();
  const shown = useRef(order);
  shown.current = order;
  const onStep = useCallback(
    (step: OrderStep) => {
      if (shows(shown.current, step)) return;
      announce(words.steps[step.name]);
      void refresh();
    },
    [words, refresh],
  );
  const { steps, isInterrupted } = useOrderSteps(order.order_id, onStep);
  const isEnded = steps.some(({ name }) => ends.has(name));
  const missing = isEnded ? [] : way.filter((name) => !steps.some((step) => step.name === name));
  const list = (
    <>
      <ol className="steps">
        {steps.map(({ step, name, at }) => (
          <li key={step} className={ends.has(name) ? 'failed' : 'done'}>
            <div>
              <div className="title">
                {words.steps[name]} <span className="visually-hidden">({words.stepDone})</span>
              </div>
              <div className="soft small">
                <Instant at={at} />
              </div>
            </div>
          </li>
        ))}
        {missing.map((name, place) => (
          <li key={name} className={place === 0 ? 'now' : 'todo'} aria-current={place === 0 ? 'step' : undefined}>
            <div>
              <div className="title">{words.steps[name]}</div>
              {place === 0 && order.waits_for === 'payment' && order.expires_at && (
                <div className="small">
                  {words.payUntil} <Instant at={order.expires_at} /> · <Countdown to={order.expires_at} />
                </div>
              )}
            </div>
          </li>
        ))}
      </ol>
      {missing.length > 0 && <p className="soft small">{isInterrupted ? words.reconnecting : words.live}</p>}
    </>
  );
  return (
    <section className="card" aria-labelledby="progress">
      <h2 id="progress">{words.progress}</h2>
      {/* Every order has a first step, and the stream begins with those that were. */}
      {steps.length === 0 && !isInterrupted ? <Skeleton lines={4} /> : list}
    </section>
  );
}

/** Whether the order, as it was read, is past the step: the stream begins with steps that are no news. */
function shows({ state, settled_at }: Order, { name }: OrderStep): boolean {
  if (name === 'opened' || name === state) return true;
  return name === 'settled' ? settled_at !== null : name === 'confirmed' && state === 'closed';
}
