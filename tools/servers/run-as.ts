import { execFileSync } from 'node:child_process';
import { lchownSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root. Started by root, the servers run as one of these; otherwise as the user who starts
 * them.
 */
const lesserUsers = ['postgres', 'nobody'];

export function serverUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of lesserUsers) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' })));
      if (uid && gid) return { uid, gid };
    } catch {
      // There is no such user on this machine.
    }
  }
  return undefined;
}

/** Makes a folder that belongs, with all that is in it, to the servers' user. */
export function ownedFolder(path: string, user: User | undefined): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (user) {
    lchownSync(path, user.uid, user.gid);
    for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
      lchownSync(join(path, entry), user.uid, user.gid);
    }
  }
  return path;
}
