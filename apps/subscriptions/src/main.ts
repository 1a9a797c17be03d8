import { createHttpServer, listen } from '#http/http-server.js';
import { listenForMessages } from '#messaging/nest/rabbit-server.js';
import { readSubscriptionsConfig } from './subscriptions.config.js';
import { SubscriptionsModule } from './subscriptions.module.js';

const settings = readSubscriptionsConfig(process.env);
const app = await createHttpServer(SubscriptionsModule.with(settings), {
  service: 'subscriptions',
  logLevel: settings.logLevel,
  problems: { statuses: {} },
});
await listenForMessages(app);
await listen(app, settings);
