import { jest } from '@jest/globals';
import pg from 'pg';

/** A statement as it was sent. */
interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/** What the planner says of a part of a plan. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** A plan: the kinds of its nodes, its indexes, and what is looked up in them. */
export interface ListPlan {
  readonly nodes: readonly string[];
  readonly indexes: readonly string[];
  readonly lookedUp: readonly string[];
}

/** What a planner avoids where it can: by default what a large table would be too slow for. */
export type PlanKind = 'seqscan' | 'sort' | 'bitmapscan' | 'indexscan';

/** Records the statements of all connections that are opened from now on. */
export function recordStatements() {
  const query = jest.spyOn(pg.Client.prototype, 'query');
  return {
    /**
     * The plan of the one statement with a limit that `work` sends, if the tables were large: what is avoided is
     * chosen only where nothing else can serve.
     */
    async planOf(
      databaseUrl: string,
      work: () => Promise<unknown>,
      avoided: readonly PlanKind[] = ['seqscan', 'sort', 'bitmapscan'],
    ): Promise<ListPlan> {
      query.mockClear();
      await work();
      const [statement] = query.mock.calls.map(statementOf).filter(({ text }) => / limit \$/.test(text));
      if (!statement) throw new Error('no statement had a limit');
      return explained(databaseUrl, statement, avoided);
    },
    [Symbol.dispose]: () => query.mockRestore(),
  };
}

function statementOf([first, values]: readonly unknown[]): Statement {
  if (typeof first === 'string') return { text: first, values: Array.isArray(values) ? values : [] };
  const { text = '', values: own = [] } = (first ?? {}) as Partial<Statement>;
  return { text, values: own };
}

async function explained(
  databaseUrl: string,
  { text, values }: Statement,
  avoided: readonly PlanKind[],
): Promise<ListPlan> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(avoided.map((kind) => `set enable_${kind} = off`).join(';'));
    const { rows } = await client.query(`explain (format json) ${text}`, values);
    const nodes = nodesOf(rows[0]['QUERY PLAN'][0].Plan);
    return {
      nodes: nodes.map((node) => node['Node Type']),
      indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
      lookedUp: nodes.flatMap((node) => node['Index Cond'] ?? []),
    };
  } finally {
    await client.end();
  }
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
