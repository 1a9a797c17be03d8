import { CliError, runCommand, say, step } from '../terminal.ts';
import { startHome } from '../workspace/home.ts';
import { inEnvironment } from './environment.ts';
import { measureConsole } from './groups/console.ts';
import { measureHostile } from './groups/hostile.ts';
import { measureLatency } from './groups/latency.ts';
import { measureLedger } from './groups/ledger.ts';
import { measureOrders } from './groups/orders.ts';
import { measurePromotions } from './groups/promotions.ts';
import { measureQuotes } from './groups/quotes.ts';
import { measureSystem } from './groups/system.ts';
import { measureWebhooks } from './groups/webhooks.ts';
import { fullSizes, type Measure, smokeSizes } from './measure.ts';
import { beside, measureReference } from './reference.ts';
import { seedHistory } from './seed.ts';
import { perSecond, print, type Row, reaches, write } from './table.ts';

const groups: Readonly<Record<string, (measure: Measure) => Promise<Row[]>>> = {
  ledger: measureLedger,
  webhooks: measureWebhooks,
  orders: measureOrders,
  promotions: measurePromotions,
  system: measureSystem,
  latency: measureLatency,
  hostile: measureHostile,
  console: measureConsole,
  quotes: measureQuotes,
};
/** What `large` measures again once years of data are there. */
const measuredAgain = ['ledger', 'webhooks', 'orders', 'system'];
const history = { orders: 1_000_000, entries: 5_000_000 };

/**
 * `npm run bench [-- group …]`: what the system reaches on this machine, each row beside a reference measured in the
 * same run. Services are under load for as long before they are measured, since V8 compiles what is hot in their first
 * ten seconds. `--seconds` and `--sustained` shorten a look; what counts is a run without them. `--smoke` only shows
 * that each row still runs: its figures say nothing.
 */
await runCommand(async () => {
  const { chosen, smoke, seconds, sustainedSeconds } = readArguments(process.argv.slice(2));
  const rows = await inEnvironment(async (environment) => {
    let seriesCount = 0;
    const series = () => ++seriesCount;
    const reference = () =>
      measureReference(environment.servers.DATABASE_URL, environment.pgbench, Math.min(seconds, 5));
    const given: Measure = {
      environment,
      sizes: smoke ? smokeSizes : fullSizes,
      seconds,
      sustainedSeconds,
      series,
      beside: (work) => beside(reference, work),
    };
    const measure = (group: string, title: string) => step(title, () => groups[group]!(given));
    const rows: Row[] = [];
    const withHistory = chosen.includes('large');
    const atFirst = Object.keys(groups).filter(
      (group) => chosen.includes(group) || (withHistory && measuredAgain.includes(group)),
    );
    for (const group of atFirst) rows.push(...(await measure(group, group)));
    if (withHistory) {
      await step('years of data', () => seedHistory(environment, history, (text) => say(`  ${text}`)));
      for (const group of measuredAgain)
        rows.push(...compare(rows, await measure(group, `${group}, with years of data`)));
    }
    return rows;
  });
  print(rows);
  if (smoke) return 0;
  await write(rows, startHome().file('bench.json'));
  return rows.every(reaches) ? 0 : 1;
});

/** The rates of a second measurement against those of the first, each as a multiple of its own reference. */
function compare(before: readonly Row[], after: readonly Row[]): Row[] {
  return after.flatMap((row) => {
    const first = before.find(({ group, row: title }) => group === row.group && title === row.row);
    if (row.unit !== perSecond || !first?.ratio || !row.ratio) return [];
    return [{ ...row, group: 'large', reference: first.value, ratio: row.ratio / first.ratio, must: '>= 0.9 x' }];
  });
}

function readArguments(args: readonly string[]) {
  const numberAfter = (name: string, usual: number) => {
    const at = args.indexOf(name);
    return at < 0 ? usual : Number(args[at + 1]);
  };
  const known = [...Object.keys(groups), 'large'];
  const chosen = args.filter((arg, index) => !arg.startsWith('--') && !args[index - 1]?.startsWith('--'));
  const unknown = chosen.filter((group) => !known.includes(group));
  if (unknown.length > 0) throw new CliError(`There is no group ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  const smoke = args.includes('--smoke');
  return {
    chosen: chosen.length > 0 ? chosen : known.filter((group) => !(smoke && group === 'large')),
    smoke,
    seconds: numberAfter('--seconds', smoke ? 0.5 : 10),
    sustainedSeconds: numberAfter('--sustained', smoke ? 0.5 : 60),
  };
}
