import { useEffect, useState } from 'react';
import { urlOf } from '../../api/ask.ts';
import type { OrderStep } from '../../api/generated/operations.ts';

/** Events of a stream have names, so that `onmessage` receives none of them. */
const names: readonly OrderStep['name'][] = ['opened', 'confirmed', 'closed', 'settled', 'cancelled', 'expired'];
const finalNames: ReadonlySet<OrderStep['name']> = new Set(['settled', 'cancelled', 'expired']);
const retryMs = 5_000;

export interface LiveSteps {
  readonly steps: readonly OrderStep[];
  readonly isInterrupted: boolean;
}

/**
 * The steps of an order, live. A cut connection comes back and goes on after the last step; a step is never shown
 * twice. After the last step the server ends the stream.
 */
export function useOrderSteps(orderId: string, onStep: (step: OrderStep) => void): LiveSteps {
  const [steps, setSteps] = useState<readonly OrderStep[]>([]);
  const [isInterrupted, setInterrupted] = useState(false);
  useEffect(() => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    let isFinished = false;
    const receive = (event: MessageEvent<string>) => {
      const step = JSON.parse(event.data) as OrderStep;
      if (step.step <= last) return;
      last = step.step;
      isFinished = finalNames.has(step.name);
      setInterrupted(false);
      setSteps((before) => [...before, step]);
      onStep(step);
    };
    const connect = () => {
      const query = last > 0 ? { lastEventId: String(last) } : {};
      source = new EventSource(urlOf('followOrder', { path: { id: orderId }, query }));
      for (const name of names) source.addEventListener(name, receive);
      source.onopen = () => setInterrupted(false);
      source.onerror = () => {
        if (isFinished) return source?.close();
        setInterrupted(true);
        // The browser gives up after an answer that is no stream, such as 503 or 204.
        if (source?.readyState === EventSource.CLOSED) timer = setTimeout(connect, retryMs);
      };
    };
    setSteps([]);
    connect();
    return () => {
      source?.close();
      clearTimeout(timer);
    };
  }, [orderId, onStep]);
  return { steps, isInterrupted };
}
