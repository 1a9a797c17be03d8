import { listen } from '#http/http-server.js';
import { readGatewayConfig } from './gateway.config.js';
import { createGateway } from './gateway.http.js';

const settings = readGatewayConfig(process.env);
await listen(await createGateway(settings), settings);
