import { createHttpServer, listen } from '#http/http-server.js';
import { listenForMessages } from '#messaging/nest/rabbit-server.js';
import { readNotificationsConfig } from './notifications.config.js';
import { NotificationsModule } from './notifications.module.js';

const settings = readNotificationsConfig(process.env);
const app = await createHttpServer(NotificationsModule.with(settings), {
  service: 'notifications',
  logLevel: settings.logLevel,
  problems: { statuses: {} },
});
await listenForMessages(app);
await listen(app, settings);
