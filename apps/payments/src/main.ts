import { listen } from '#http/http-server.js';
import { readPaymentsConfig } from './payments.config.js';
import { createPayments } from './payments.http.js';

const settings = readPaymentsConfig(process.env);
const app = await createPayments(settings);
await listen(app, settings);
