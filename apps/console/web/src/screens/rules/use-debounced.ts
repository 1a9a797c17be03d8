import { useEffect, useState } from 'react';

/** The value as it was when it last stood still for a while, so that no request is sent for each key. */
export function useDebounced<Value>(value: Value, afterMs = 350): Value {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal values count as one
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [text, afterMs]);
  return settled;
}
