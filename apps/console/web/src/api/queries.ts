import {
  keepPreviousData,
  QueryClient,
  type QueryKey,
  type UseQueryResult,
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
  const queryKey = [operation, request];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => ask(operation, request, signal),
    enabled: isEnabled,
    refetchInterval: everyMs ?? false,
    ...(isRead === 'once' ? { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } : {}),
    ...(keepsPrevious ? { placeholderData: keepPreviousData } : {}),
  });
  return useTriedAtOnce(query, queryKey);
}

/** A query whose `refetch` begins at once, also while it waits for its next attempt, which it would only join. */
export function useTriedAtOnce<Answer>(query: UseQueryResult<Answer>, queryKey: QueryKey): UseQueryResult<Answer> {
  const client = useQueryClient();
  const refetch: typeof query.refetch = async (options) => {
    if (query.data === undefined) await client.cancelQueries({ queryKey });
    return query.refetch(options);
  };
  return { ...query, refetch } as UseQueryResult<Answer>;
}

/** Not read again with everything else: session and routes stay, and each check of promo codes counts. */
const keptReads: ReadonlySet<unknown> = new Set(['session', 'router', 'quoteClass' satisfies OperationId]);

const mayHaveChanged = ({ queryKey: [operation] }: { readonly queryKey: QueryKey }) => !keptReads.has(operation);

/** Reads everything again, because a booking may have changed any of it. */
export function useRefreshAll(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ predicate: mayHaveChanged }), [client]);
}

/** After a change: what other pages have read a moment ago is read again when it is shown. */
export function useStaleAll(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ predicate: mayHaveChanged, refetchType: 'none' }), [client]);
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
