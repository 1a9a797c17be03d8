import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findTools } from './tools.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'matricula-tools-'));
  for (const release of ['15', '17']) {
    const folder = postgres(release);
    mkdirSync(folder, { recursive: true });
    place(join(folder, 'initdb'), 'exit 0');
    place(join(folder, 'postgres'), `echo 'postgres (PostgreSQL) ${release}.4'`);
  }
});
afterEach(() => rmSync(root, { recursive: true }));

const postgres = (release: string) => join(root, 'usr/lib/postgresql', release, 'bin');
const place = (program: string, does: string) => writeFileSync(program, `#!/bin/sh\n${does}\n`, { mode: 0o755 });

describe('of several releases of Postgres', () => {
  it('the newest makes new data', () => {
    expect(findTools(root).postgres).toBe(postgres('17'));
  });

  it('the one that made the data is found for them, and no other', () => {
    expect(findTools(root, {}, '15').postgres).toBe(postgres('15'));
    expect(findTools(root, {}, '16').postgres).toBeUndefined();
  });
});
