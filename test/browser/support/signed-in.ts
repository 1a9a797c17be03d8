import type { Cookie } from 'playwright-core';
import type { Role } from '../../../tools/screens/screen.ts';
import type { Scene } from './browser-tests.js';
import type { Appearance, Person } from './person.ts';

/** A renewed session would end the ones beside it, whose refresh token is used up. */
const sessionLastsMs = 240_000;

/** Opens windows of a role, at a path if one is given. Each role signs in once for many windows of a file. */
export function signedIn(): (scene: Scene, role: Role, path?: string, appearance?: Appearance) => Promise<Person> {
  const sessions = new Map<Role, { readonly cookies: readonly Cookie[]; readonly at: number }>();
  return async ({ person }, role, path, appearance) => {
    const session = sessions.get(role);
    if (session && performance.now() - session.at < sessionLastsMs) {
      const again = await person(role, { ...appearance, cookies: session.cookies });
      if (path !== undefined) await again.open(path);
      return again;
    }
    const first = await person(role, appearance);
    await first.signIn(role, path);
    sessions.set(role, { cookies: await first.cookies(), at: performance.now() });
    return first;
  };
}
