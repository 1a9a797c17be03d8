import { join } from 'node:path';
import { root } from '../workspace/root.ts';

/** A module as the services run it: compiled, in `dist/`. */
export async function built<Module>(path: string): Promise<Module> {
  return (await import(join(root, 'dist', path))) as Module;
}
