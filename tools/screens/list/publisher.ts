import type { Screen } from '../screen.ts';

export const publisherScreens: readonly Screen[] = [];
