import { onStopSignal } from '../processes/stop-signals.ts';
import { startProviderEmulator } from './emulator.ts';

/** The provider emulator as a process of the launcher, which gives it its settings in the environment. */
const given = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing`);
  return value;
};

const webhooksUrl = given('EMULATOR_WEBHOOKS_URL');
const emulator = await startProviderEmulator({
  port: Number(given('EMULATOR_PORT')),
  apiKey: given('EMULATOR_API_KEY'),
  webhooksUrl: () => webhooksUrl,
  webhookSecret: given('EMULATOR_WEBHOOK_SECRET'),
  file: given('EMULATOR_FILE'),
});
console.log(`the provider emulator listens on ${emulator.url}`);
const stop = () => void emulator.close().then(() => process.exit(0));
onStopSignal(stop, stop);
