import 'reflect-metadata';
import { listen } from '#observability/http-server.js';
import { readPaymentsConfig } from './payments.config.js';
import { createPaymentsServer } from './server.js';

const settings = readPaymentsConfig(process.env);
const app = await createPaymentsServer(settings);
await listen(app, settings);
