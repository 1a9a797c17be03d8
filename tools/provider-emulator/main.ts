import { readFileSync } from 'node:fs';
import { type EmulatorSettings, startProviderEmulator } from './emulator.ts';

/** `node main.ts SETTINGS`: the provider emulator as a process. */
const settings = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as EmulatorSettings;
const { close } = await startProviderEmulator({ ...settings, webhooksUrl: () => settings.webhooksUrl });
process.once('SIGTERM', () => void close().then(() => process.exit(0)));
