import { Navigate } from '@tanstack/react-router';
import { navigation } from './navigation.ts';
import { useSession } from './session.tsx';

/** The start of a role is the first entry of its navigation. */
export function Home() {
  const { role } = useSession();
  const [first] = navigation[role].flatMap(({ entries }) => entries);
  return first ? <Navigate to={first.to} replace /> : null;
}
