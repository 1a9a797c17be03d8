import { issuerAt } from './stack/openid.ts';
import { theRun } from './stack/running.ts';
import { playStory } from './story/story.ts';
import { runCommand } from './terminal.ts';

/** `npm run demo`: plays the story again, with a new person, against the system that `npm start` keeps up. */
await runCommand(async () => {
  const { home, run, ports } = theRun();
  const secrets = { standard: run.providers.standard.secret, stripe: run.providers.stripe.secret };
  const issuer = issuerAt(home, ports);
  await playStory({ gatewayUrl: run.urls.gateway, webhooksUrl: run.urls.webhooks, secrets, issuer });
  return 0;
});
