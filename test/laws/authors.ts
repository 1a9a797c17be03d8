import { isSpec, type SourceTree } from './source-tree.ts';

/**
 * The commands that the gateway sends without the command of the request: its author and its id would be missing.
 *
 * @param commands the names of the contracts that are commands
 */
export function withoutAuthor(tree: SourceTree, commands: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    if (isSpec(path)) continue;
    for (const call of text.matchAll(/\.request\(\s*(\w+)\s*,/g)) {
      const name = call[1] as string;
      if (!commands.has(name)) continue;
      const [, , third] = argumentsOf(text, call.index + '.request('.length);
      if (!third || !/^(?:command|partOf\(command\b)/.test(third)) found.push(`${path}: ${name}`);
    }
  }
  return found;
}

/** The arguments of a call whose first one begins at `start`, as they are written. */
function argumentsOf(text: string, start: number): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at] as string;
    if (depth === 0 && (sign === ',' || sign === ')')) {
      const argument = text.slice(from, at).trim();
      if (argument) found.push(argument);
      from = at + 1;
      if (sign === ')') return found;
    } else if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
  }
  return found;
}
