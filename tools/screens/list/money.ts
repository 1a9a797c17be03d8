import type { Screen } from '../screen.ts';

export const moneyScreens: readonly Screen[] = [];
