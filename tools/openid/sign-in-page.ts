import type { IncomingMessage } from 'node:http';
import type { Context, Next } from 'koa';
import type Provider from 'oidc-provider';
import { type Role, roles } from '../stack/roles.ts';
import { type Account, accountOfRole, memberWith } from './people.ts';

const bodyMax = 10_000;

const does: Readonly<Record<Role, string>> = {
  member: 'orders classes and pays for them',
  publisher: 'follows their own promo codes',
  admin: 'runs classes, promo codes, orders and money',
  ops: 'reads what an admin reads',
};

/** The page at which somebody says who they are: a button for each role, or a name and an address for a new member. */
export function serveSignInPage(provider: Provider, accounts: Map<string, Account>): void {
  provider.use(async (context: Context, next: Next) => {
    if (!context.path.startsWith('/sign-in/')) return next();
    const { req, res } = context;
    await provider.interactionDetails(req, res);
    if (context.method === 'POST') {
      const account = accountIn(await readForm(req));
      accounts.set(account.subject, account);
      context.respond = false;
      await provider.interactionFinished(req, res, { login: { accountId: account.subject } });
      return;
    }
    context.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; form-action *");
    context.type = 'html';
    context.body = page();
  });
}

function accountIn(form: URLSearchParams): Account {
  const role = roles.find((known) => known === form.get('role'));
  if (role) return accountOfRole[role];
  return memberWith(form.get('name')?.trim() || 'New Member', form.get('email')?.trim() || newAddress());
}

function newAddress(): string {
  return `member-${Date.now().toString(36)}@example.org`;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > bodyMax) throw new Error('The form is too long.');
  }
  return new URLSearchParams(text);
}

function page(): string {
  const buttons = (['member', 'publisher', 'admin', 'ops'] as const).map(
    (role) =>
      `<button name="role" value="${role}"><strong>${accountOfRole[role].name}</strong><span>${role}: ${does[role]}</span></button>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in · Matricula on this machine</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 30rem; margin: 10vh auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; }
p { margin: .25rem 0 1.5rem; opacity: .75; }
form { display: grid; gap: .5rem; margin-bottom: 2rem; }
button, input { font: inherit; padding: .625rem .875rem; border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: .5rem; background: none; color: inherit; text-align: left; }
button { cursor: pointer; display: grid; }
button:hover { border-color: currentColor; }
button span { opacity: .75; font-size: .875rem; }
label { display: grid; gap: .25rem; font-size: .875rem; }
fieldset { border: 0; padding: 0; margin: 0; display: grid; gap: .75rem; }
legend { padding: 0; margin-bottom: .5rem; font-weight: 600; }
</style></head>
<body><main>
<h1>Sign in</h1><p>This provider runs on this machine only. Nobody has a password here.</p>
<form method="post">${buttons.join('\n')}</form>
<form method="post"><fieldset><legend>As another member</legend>
<label>Name <input name="name" value="New Member" maxlength="200" required></label>
<label>E-mail <input name="email" type="email" value="${newAddress()}" maxlength="200" required></label>
<button>Sign in as this member</button></fieldset></form>
</main></body></html>
`;
}
