import type { Screen } from '../screen.ts';

export const promotionsScreens: readonly Screen[] = [];
