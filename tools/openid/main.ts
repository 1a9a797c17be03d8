import { readFileSync } from 'node:fs';
import { type OpenidSettings, startProvider } from './provider.ts';

/** `node main.ts SETTINGS`: the local OpenID provider as a process, at the port of its issuer. */
const settings = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as OpenidSettings;
const { close } = await startProvider(settings, Number(new URL(settings.issuer).port));
process.once('SIGTERM', () => void close().then(() => process.exit(0)));
