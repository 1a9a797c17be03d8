import { createHttpServer, listen } from '#http/http-server.js';
import { listenForMessages } from '#messaging/nest/rabbit-server.js';
import { readPromotionsConfig } from './promotions.config.js';
import { PromotionsModule } from './promotions.module.js';

const settings = readPromotionsConfig(process.env);
const app = await createHttpServer(PromotionsModule.with(settings), {
  service: 'promotions',
  logLevel: settings.logLevel,
  problems: { statuses: {} },
});
await listenForMessages(app);
await listen(app, settings);
