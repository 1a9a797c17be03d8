import type { Screen } from '../screen.ts';

export const rulesScreens: readonly Screen[] = [];
