import { createHash } from 'node:crypto';
import { type Role, roles } from '../stack/roles.ts';

/** Somebody who signs in at the local provider. */
export interface Account {
  /** What the provider calls them; of a member also their id as a person. */
  readonly subject: string;
  readonly role: Role;
  readonly name: string;
  readonly email: string;
}

const names: Readonly<Record<Role, string>> = {
  member: 'Mia Member',
  publisher: 'Pat Publisher',
  admin: 'Alex Admin',
  ops: 'Olu Operator',
};

/** One account for each role, the same at every start. */
export const accountOfRole: Readonly<Record<Role, Account>> = Object.fromEntries(
  roles.map((role) => {
    const email = `${role}@example.org`;
    const subject = role === 'member' ? memberIdOf(email) : `development-${role}`;
    return [role, { subject, role, name: names[role], email }];
  }),
) as Record<Role, Account>;

/** The member with this e-mail address, new or not. */
export function memberWith(name: string, email: string): Account {
  return { subject: memberIdOf(email), role: 'member', name, email: email.trim() };
}

/** The id of the person with an e-mail address at this provider: a UUID that follows from it (RFC 9562 §5.8). */
export function memberIdOf(email: string): string {
  const digest = createHash('sha256').update(`matricula member ${email.trim().toLowerCase()}`).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
