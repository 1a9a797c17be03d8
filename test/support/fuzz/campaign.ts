import fc, { type Arbitrary } from 'fast-check';
import { AnswerCheck } from './answer-check.js';
import { type FuzzDocument, type FuzzOperation, fuzzOperationsOf } from './operations.js';
import { type FuzzRequest, requestsTo } from './requests.js';
import { SchemaValues } from './schema-values.js';
import { type FuzzAnswer, sendFuzz } from './send.js';

/** What a campaign is run with. */
export interface CampaignPlan {
  readonly url: string;
  readonly document: FuzzDocument;
  /** Ids by the names of members (`class_id`), and by the noun before them in an address (`/classes`). */
  readonly ids: Readonly<Record<string, string>>;
  /** The token of each caller; undefined for nobody. */
  readonly tokens: Readonly<Record<string, string | undefined>>;
  readonly seed: number;
  readonly seconds: number;
  /** Changes a request before it is sent, such as by signing it. */
  readonly prepared?: (request: FuzzRequest) => FuzzRequest;
}

/** What a campaign has found. */
export interface CampaignReport {
  /** The first fault of each operation and kind, with the request that repeats it. */
  readonly faults: readonly string[];
  readonly sent: number;
  readonly statuses: Readonly<Record<string, number>>;
}

interface Shot {
  readonly operation: FuzzOperation;
  readonly caller: string;
  readonly request: FuzzRequest;
}

const atOnce = 8;
const perRound = 4;

/**
 * Sends requests to every operation in rounds until the time is over, one round at the least. The seed decides all
 * requests, in their order.
 */
export async function runCampaign(plan: CampaignPlan): Promise<CampaignReport> {
  const { document, seed, seconds } = plan;
  const values = new SchemaValues(document.components.schemas, new Set(Object.keys(plan.ids)));
  const operations = fuzzOperationsOf(document);
  const shots = operations.map((operation) => shotsAt(operation, values, Object.keys(plan.tokens)));
  const check = new AnswerCheck(document);
  const faults = new Map<string, string>();
  const statuses: Record<string, number> = {};
  const ends = Date.now() + seconds * 1_000;
  let sent = 0;
  for (let round = 0; round === 0 || Date.now() < ends; round++) {
    const queue = shots.flatMap((arbitrary, index) =>
      fc.sample(arbitrary, { seed: seed + round * 1_000 + index, numRuns: perRound }),
    );
    const worker = async () => {
      for (let shot = queue.shift(); shot && (round === 0 || Date.now() < ends); shot = queue.shift()) {
        const { status, fault } = await fire(plan, check, shot);
        statuses[status] = (statuses[status] ?? 0) + 1;
        sent++;
        const kind = `${shot.operation.name} ${status}`;
        if (fault && !faults.has(kind)) faults.set(kind, `${fault}\n  ${described(shot)}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }
  return { faults: [...faults].map(([kind, fault]) => `${kind}: ${fault}`), sent, statuses };
}

function shotsAt(operation: FuzzOperation, values: SchemaValues, callers: readonly string[]): Arbitrary<Shot> {
  // An admin may do most: a request that is refused for its role reaches little.
  const caller = fc.constantFrom(
    ...callers,
    ...callers.filter((name) => name === 'admin').flatMap((name) => [name, name]),
  );
  return fc.record({ operation: fc.constant(operation), caller, request: requestsTo(operation, values) });
}

async function fire(
  plan: CampaignPlan,
  check: AnswerCheck,
  shot: Shot,
): Promise<{ status: number; fault: string | undefined }> {
  const request = plan.prepared?.(shot.request) ?? shot.request;
  const send = () => sendFuzz(plan.url, request, plan.ids, plan.tokens[shot.caller]);
  try {
    let answer: FuzzAnswer = await send();
    // A service that is busy says so once; one that a request has broken says so again.
    for (let repeats = 0; answer.status === 503 && repeats < 3; repeats++) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(answer.retryAfter ?? 0, 5) * 1_000));
      answer = await send();
    }
    if (answer.status === 503) return { status: 503, fault: `stays unavailable: ${answer.text.slice(0, 300)}` };
    return { status: answer.status, fault: check.fault(shot.operation, request, answer) };
  } catch (error) {
    return { status: 0, fault: `no answer: ${error}` };
  }
}

function described({ caller, request }: Shot): string {
  const cut = (text: string | undefined) =>
    text && text.length > 700 ? `${text.slice(0, 700)}… (${text.length})` : text;
  const { method, target, headers, body } = request;
  return `${caller} ${method} ${cut(target)} ${cut(JSON.stringify(headers))} ${cut(body) ?? ''}`;
}
