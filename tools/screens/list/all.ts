import type { Screen } from '../screen.ts';
import { memberScreens } from './member.ts';
import { moneyScreens } from './money.ts';
import { promotionsScreens } from './promotions.ts';
import { publisherScreens } from './publisher.ts';
import { rulesScreens } from './rules.ts';
import { webhooksScreens } from './webhooks.ts';

/** Every screen of the console, once. */
export const screens: readonly Screen[] = [
  ...memberScreens,
  ...publisherScreens,
  ...promotionsScreens,
  ...rulesScreens,
  ...moneyScreens,
  ...webhooksScreens,
];
