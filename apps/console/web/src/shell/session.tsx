import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { checkSessionBy } from '../api/ask.ts';
import { keepExchange } from '../api/exchanges.ts';
import { NoAnswer } from '../api/problems.ts';
import { useTriedAtOnce } from '../api/queries.ts';
import { ProblemState } from '../states/problem.tsx';
import { Skeleton } from '../states/skeleton.tsx';

export const roles = ['member', 'publisher', 'admin', 'ops'] as const;
export type Role = (typeof roles)[number];

export interface Session {
  readonly role: Role;
  readonly subject: string;
  /** Of a member: the person that they are. Null for other roles. */
  readonly person_id: string | null;
  readonly name: string;
  readonly expires_at: string;
}

const queryKey = ['session'];
const SessionContext = createContext<Session | undefined>(undefined);

/** The session of this page. While the page lives, only the name may change. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession is called outside of SessionGate');
  return session;
}

/** The person that the member is; screens of members alone use it. */
export function usePersonId(): string {
  const { person_id } = useSession();
  if (person_id === null) throw new Error('usePersonId is for members');
  return person_id;
}

/** Reads the session, and sends a person without one to sign in; the way back is the page that was asked for. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const read = useQuery({ queryKey, queryFn: readSession, staleTime: Number.POSITIVE_INFINITY });
  const query = useTriedAtOnce(read, queryKey);
  const isSignedOut = query.data === null;
  useEffect(() => {
    if (isSignedOut) window.location.assign(signInUrl(window.location.pathname + window.location.search));
  }, [isSignedOut]);
  const session = query.data;
  useEffect(() => {
    if (session) checkSessionBy(async () => isSamePerson(session, await readSession().catch(() => null)));
  }, [session]);
  if (query.data) return <SessionContext value={query.data}>{children}</SessionContext>;
  const problem = query.error ?? query.failureReason;
  return (
    <main className="main">
      {problem ? (
        <ProblemState error={problem} retry={() => void query.refetch()} attempt={query.failureCount} />
      ) : (
        <Skeleton />
      )}
    </main>
  );
}

/** Whether a session is that of this page; after another sign-in it may be somebody else's. */
export function isSamePerson({ subject, role }: Session, other: Session | null): boolean {
  return other?.subject === subject && other.role === role;
}

/** The session as the console's server says it; null without one. */
export async function readSession(): Promise<Session | null> {
  const url = '/auth/session';
  let response: Response;
  try {
    response = await fetch(url, { headers: { accept: 'application/json' } });
  } catch (error) {
    keepExchange({ method: 'GET', url, key: undefined, body: undefined, status: undefined, answer: undefined });
    throw new NoAnswer(url, { cause: error });
  }
  if (response.status === 401) return null;
  if (!response.ok) throw new NoAnswer(`${url}: ${response.status}`);
  return (await response.json()) as Session;
}

/** Takes the name of a member from their person, who has just been corrected. */
export function useRenameSession(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    try {
      const answer = await fetch('/auth/session', { method: 'POST', headers: { accept: 'application/json' } });
      if (answer.ok) client.setQueryData(queryKey, (await answer.json()) as Session);
    } catch {
      // The name is in the person, and the next sign-in shows it.
    }
  };
}

export function signInUrl(returnTo: string): string {
  return `/auth/sign-in?${new URLSearchParams({ return_to: returnTo })}`;
}
