import type { Names } from '../edge/services/names.js';

/** An account, as far as its owner goes. */
interface Owned {
  readonly kind: string;
  readonly owner: string;
}

/** The accounts with the names of the persons and the titles of the classes that own them, where they can be read. */
export async function withOwners<Account extends Owned>(
  names: Names,
  accounts: readonly Account[],
): Promise<(Account & { owner_name?: string })[]> {
  const persons = accounts.filter(({ kind }) => kind === 'person' || kind === 'debt').map(({ owner }) => owner);
  const classes = accounts.filter(({ kind }) => kind === 'class').map(({ owner }) => owner);
  const known = await names.of({ persons, classes });
  return accounts.map((account) => {
    const name = known.persons.get(account.owner) ?? known.classes.get(account.owner);
    return { ...account, ...(name !== undefined && { owner_name: name }) };
  });
}
