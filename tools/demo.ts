import { DevelopmentIssuer } from './stack/issuer.ts';
import { theRun } from './stack/running.ts';
import { playStory } from './story/story.ts';
import { runCommand } from './terminal.ts';

/** `npm run demo`: plays the story again, with a new person, against the system that `npm start` keeps up. */
await runCommand(async () => {
  const { home, run } = theRun();
  const secrets = { standard: run.providers.standard.secret, stripe: run.providers.stripe.secret };
  const issuer = new DevelopmentIssuer(home);
  await playStory({ gatewayUrl: run.urls.gateway, webhooksUrl: run.urls.webhooks, secrets, issuer });
  return 0;
});
