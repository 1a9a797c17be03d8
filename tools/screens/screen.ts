import type { Sample } from './sample.ts';

export type Role = 'member' | 'publisher' | 'admin' | 'ops';

/** One screen of the console. Tests of all screens, pictures and laws read the same list. */
export interface Screen {
  /** Names its pictures. */
  readonly name: string;
  /** The path of its route, as the route table of the pages has it. */
  readonly route: string;
  readonly roles: readonly Role[];
  /** A form that reads nothing before it is sent: it has none of the states of a reading. */
  readonly readsNothing?: boolean;
  /** Whether it shows a list, which may be empty. */
  readonly isList?: boolean;
  /** Its filters by their names in the address, each with a value: together they leave nothing to be shown. */
  readonly filters?: Readonly<Record<string, string>>;
  /** Where the sample is seen; the route itself where it has no parameters. */
  readonly path?: (sample: Sample) => string;
}

/** Where a screen shows the sample. */
export function pathOf(screen: Screen, sample: Sample): string {
  return screen.path?.(sample) ?? screen.route;
}
