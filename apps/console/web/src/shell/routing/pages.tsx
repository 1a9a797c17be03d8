import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ProblemState } from '../../states/problem.tsx';
import { Skeleton } from '../../states/skeleton.tsx';
import { useSession } from '../session.tsx';
import { routerFor } from './router.ts';

/** The screens, once their routes are loaded. */
export function Pages() {
  const { role } = useSession();
  const { data: router, error } = useQuery({
    queryKey: ['router', role],
    queryFn: () => routerFor(role, window.location.pathname),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  if (router) return <RouterProvider router={router} />;
  return <main className="main">{error ? <ProblemState error={error} /> : <Skeleton />}</main>;
}
