import { listen } from '#http/http-server.js';
import { readOpsConfig } from './ops.config.js';
import { createOps } from './ops.http.js';

const settings = readOpsConfig(process.env);
await listen(await createOps(settings), settings);
