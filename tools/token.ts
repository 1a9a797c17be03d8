import { parseArgs } from 'node:util';
import { issuerAt } from './stack/openid.ts';
import { lastPorts } from './stack/ports.ts';
import { type Role, roles } from './stack/roles.ts';
import { CliError, runCommand, say } from './terminal.ts';
import { startHome } from './workspace/home.ts';

/** `npm run token -- --role member --person ID`: prints a token of the development issuer. */
await runCommand(async () => {
  const { values } = parseArgs({
    options: { role: { type: 'string', default: 'member' }, person: { type: 'string' }, expires: { type: 'string' } },
  });
  const role = roles.find((known) => known === values.role);
  if (!role) throw new CliError(`--role is one of ${roles.join(', ')}`);
  const home = startHome();
  say(await issuerAt(home, lastPorts(home)).token(role, subjectOf(role, values.person), {}, values.expires));
  return 0;
});

function subjectOf(role: Role, person: string | undefined): string {
  if (person) return person;
  if (role === 'member') throw new CliError('A member is a person: say whose token it is with --person ID');
  return `development-${role}`;
}
