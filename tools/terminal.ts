/** What the launcher says: plain lines, so that a log of them reads as well as a terminal does. */

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number, text: string) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);

export const bold = (text: string) => paint(1, text);
export const dim = (text: string) => paint(2, text);
export const red = (text: string) => paint(31, text);
export const green = (text: string) => paint(32, text);

export function say(text = ''): void {
  console.log(text);
}

export function complain(text: string): void {
  console.error(red(text));
}

/** Runs one step of a set-up and says how long it took, unless it was over at once. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  say(`${green('✓')} ${title}${seconds >= 0.2 ? dim(` (${seconds.toFixed(1)} s)`) : ''}`);
  return result;
}

/** A fault that its reader can mend: shown in one line, without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** Runs a command of `tools/` to its end and exits with the code it answers; what it throws is shown to the user. */
export async function runCommand(work: () => Promise<number>): Promise<never> {
  try {
    process.exit(await work());
  } catch (error) {
    complain(error instanceof CliError ? error.message : String((error as Error).stack ?? error));
    process.exit(1);
  }
}
