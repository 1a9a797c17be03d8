import { listen } from '#http/http-server.js';
import { readConsoleConfig } from './console.config.js';
import { createConsole } from './console.http.js';

const settings = readConsoleConfig(process.env);
await listen(await createConsole(settings), settings);
