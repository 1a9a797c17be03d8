import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { testHome } from '../../../tools/workspace/home.ts';
import type { Person } from './person.js';

/** Keeps what each window of a failed test shows and did; the error that is thrown on names the files. */
export async function keepTraces(error: Error, test: string, persons: readonly Person[]): Promise<Error> {
  const folder = join(testHome().path, 'browser', test.replace(/\W+/g, '-').slice(0, 100));
  mkdirSync(folder, { recursive: true });
  const kept = await Promise.all(
    persons.map(async (person) => {
      const { page, name } = person;
      const [screenshot, trace] = [join(folder, `${name}.png`), join(folder, `${name}.zip`)];
      try {
        await page.screenshot({ path: screenshot, fullPage: true });
        await person.keepTrace(trace);
        return `${name} was at ${page.url()}: ${screenshot}, ${trace} (npx playwright-core show-trace)`;
      } catch (reason) {
        return `${name} left nothing: ${(reason as Error).message}`;
      }
    }),
  );
  error.message += `\n${kept.join('\n')}`;
  // What jest prints.
  error.stack = error.stack?.replace(/\n {4}at /, `\n${kept.join('\n')}\n    at `);
  return error;
}
