import type { ASTNode } from '@marcbachmann/cel-js';

/** Bounds of the parser. */
export const parserLimits = {
  maxAstNodes: 200,
  maxDepth: 24,
  maxListElements: 50,
  maxMapEntries: 20,
  maxCallArguments: 6,
} as const;

/** The macros that visit each item of a list. */
const loops = new Set(['filter', 'map', 'exists', 'all', 'exists_one']);
const loopsMax = 4;

/**
 * What may be called. Each takes constant time, or the time of one look at a text or a list. `matches` is not among
 * them: it is a regular expression of JavaScript, and one pattern can run for ever.
 */
const callable = new Set([
  ...loops,
  ...['has', 'size', 'int', 'double', 'string', 'startsWith', 'endsWith'],
  ...['getFullYear', 'getMonth', 'getDayOfMonth', 'getDayOfWeek', 'getHours', 'getMinutes'],
]);

const scalars = new Set(['int', 'uint', 'double', 'string', 'bool', 'Day', 'google.protobuf.Timestamp', 'null_type']);
const summable = new Set(['int', 'double', 'google.protobuf.Timestamp', 'google.protobuf.Duration']);

/** A node after the type check. */
type CheckedNode = ASTNode & { readonly checkedType?: { readonly name: string } };

/**
 * What makes the cost of a checked expression unbounded, in words; null when it is bounded. Texts and lists never grow,
 * because only numbers and times are added, and no list is visited within the visit of another one. So a result takes
 * at most a few hundred steps for each item of a few lists.
 */
export function boundlessness(ast: ASTNode, helpers: ReadonlySet<string>): string | null {
  let count = 0;
  const visit = (node: CheckedNode, isInLoop: boolean): string | null => {
    const name = calledBy(node);
    if (name !== null && !callable.has(name) && !helpers.has(name)) return `the function ${name} is not available`;
    const isLoop = name !== null && loops.has(name);
    if (isLoop) count += 1;
    if (count > loopsMax) return `more than ${loopsMax} lists are visited`;
    if (isLoop && isInLoop) return `a list is visited within ${name} of another list`;
    const wrong = faultOf(node, isInLoop);
    if (wrong) return wrong;
    const [receiver, others] = partsOf(node);
    return first(receiver, (part) => visit(part, isInLoop)) ?? first(others, (part) => visit(part, isInLoop || isLoop));
  };
  return visit(ast, false);
}

function first(nodes: readonly CheckedNode[], visit: (node: CheckedNode) => string | null): string | null {
  for (const node of nodes) {
    const found = visit(node);
    if (found) return found;
  }
  return null;
}

function faultOf(node: CheckedNode, isInLoop: boolean): string | null {
  if (node.op === '+' && !summable.has(typeOf(node))) return 'only numbers and times are added; int(…) makes a number';
  if (!isInLoop) return null;
  if (node.op === 'in') return 'a list is searched for each item of another list';
  if (node.op !== '==' && node.op !== '!=') return null;
  const sides = (node.args as readonly CheckedNode[]).map(typeOf);
  return sides.some((type) => scalars.has(type)) ? null : 'two values of any kind are compared for each item of a list';
}

function typeOf({ checkedType }: CheckedNode): string {
  return checkedType?.name ?? 'dyn';
}

function calledBy(node: CheckedNode): string | null {
  return node.op === 'call' || node.op === 'rcall' ? (node.args[0] as string) : null;
}

/** The nodes inside of a node: those that are evaluated once, and the arguments of a call. */
function partsOf(node: CheckedNode): readonly [CheckedNode[], CheckedNode[]] {
  if (node.op === 'rcall') return [[node.args[1]], node.args[2]];
  if (node.op === 'call') return [[], node.args[1]];
  return [nodesIn(node.args), []];
}

function nodesIn(args: unknown): CheckedNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as CheckedNode] : [];
}
