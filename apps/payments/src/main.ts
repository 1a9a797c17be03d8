import 'reflect-metadata';
import { listen } from '#observability/http-server.js';
import { readPaymentsConfig } from './payments.config.js';
import { createPaymentsServer } from './server.js';

const config = readPaymentsConfig(process.env);
const app = await createPaymentsServer(config);
await listen(app, config);
