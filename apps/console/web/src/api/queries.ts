import {
  keepPreviousData,
  QueryClient,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback } from 'react';
import { type AnswerOf, ask, type OperationId, type RequestOf } from './ask.ts';
import { isAway, secondsToRetry } from './problems.ts';

/** A query is repeated as long as a server is away; nothing is assumed before the server has said it. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (_count, error) => isAway(error),
      retryDelay: (attempt, error) => secondsToRetry(error, attempt) * 1000,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

export interface AskOptions {
  /** False as long as the request cannot be made yet. */
  readonly isEnabled?: boolean;
  /** Milliseconds after which the answer is read again. */
  readonly everyMs?: number;
  /** Keeps the answer before, while another page or filter loads. */
  readonly keepsPrevious?: boolean;
  /** `once`: an answer is not read again by itself, such as the check of a promo code, which counts misses. */
  readonly isRead?: 'once';
}

/** Reads an operation. Equal requests on one page are sent once. */
export function useAsk<Id extends OperationId>(
  operation: Id,
  request: RequestOf<Id>,
  { isEnabled = true, everyMs, keepsPrevious, isRead }: AskOptions = {},
): UseQueryResult<AnswerOf<Id>> {
  return useQuery({
    queryKey: [operation, request],
    queryFn: ({ signal }) => ask(operation, request, signal),
    enabled: isEnabled,
    refetchInterval: everyMs ?? false,
    ...(isRead === 'once' ? { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } : {}),
    ...(keepsPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Sends an operation that changes something; forms use it through `useForm`. */
export function useSend<Id extends OperationId>(operation: Id) {
  return useMutation<AnswerOf<Id>, Error, RequestOf<Id>>({ mutationFn: (request) => ask(operation, request) });
}

/** Reads these operations again, because something has changed them. */
export function useRefresh(): (...operations: readonly OperationId[]) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    async (...operations) => {
      await Promise.all(operations.map((operation) => client.invalidateQueries({ queryKey: [operation] })));
    },
    [client],
  );
}
