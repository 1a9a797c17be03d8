import { type Content, type Html, html } from '../pages/html.js';
import { layout } from '../pages/layout.js';
import { row, section, table, time } from '../pages/parts.js';
import { concernsOf, formatAge, type Health, type Overview } from './overview.js';

const refreshSeconds = 5;
const unknown = '–';

const tone: Readonly<Record<Health, string>> = { up: 'good', degraded: 'warn', down: 'bad' };

/** The page of the overview. The browser reloads it every five seconds, unless the reader stops that. */
export function overviewPage(overview: Overview, operator: string, isRefreshing: boolean): Html {
  const body = html`${concerns(overview)}
<p class="soft">As of ${time(overview.at.toString())}. ${
    isRefreshing
      ? html`Refreshed every ${refreshSeconds} seconds; <a href="/?refresh=off">stop refreshing</a>.`
      : html`Not refreshed; <a href="/">refresh every ${refreshSeconds} seconds</a>.`
  } The same as <a href="/api/overview">JSON</a>.</p>
${section('Services', services(overview))}
<div class="columns">
${section('Servers', servers(overview))}
${section('Outboxes and relays', outboxes(overview))}
${section('Consumers', consumers(overview))}
${section('Message queues', queues(overview))}
${section('Parked messages', parked(overview))}
${section('Notifications quarantined', quarantined(overview))}
</div>
${section('Job queues', jobs(overview))}`;
  return layout({ title: 'Overview', body, operator, ...(isRefreshing && { refreshSeconds }) });
}

function concerns(overview: Overview): Html {
  const sentences = concernsOf(overview);
  if (sentences.length === 0)
    return html`<section class="calm" role="status"><p><strong>All is well.</strong></p></section>`;
  return html`<section class="concerns" role="status"><h2>To look at</h2><ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul></section>`;
}

function status(health: Health): Html {
  return html`<span class="status ${tone[health]}">${health}</span>`;
}

function services({ services: all }: Overview): Content {
  const words = (failing: Readonly<Record<string, string>>) =>
    Object.entries(failing).map(([part, what]) => html`<div>${part}: ${what}</div>`);
  return table(
    'Health of each instance',
    ['Service', 'Address', 'Health', 'What is wrong'],
    all.map((each) => row(each.service, each.url, status(each.status), words(each.failing))),
    'No service is configured.',
  );
}

function servers({ servers: all }: Overview): Content {
  return table(
    'Servers, as seen from here',
    ['Server', 'Health', ''],
    all.map((each) => row(each.server, status(each.status), each.detail)),
    '',
  );
}

function outboxes({ outboxes: all }: Overview): Content {
  return table(
    'Committed events that are not yet published',
    ['Service', 'Events waiting', 'Oldest', 'Relays working'],
    all.map((each) => row(each.service, each.depth ?? unknown, seconds(each.ageSeconds), each.relaysWorking)),
    'No service reports an outbox.',
  );
}

function consumers({ consumers: all }: Overview): Content {
  return table(
    'How far consumers are behind',
    ['Service', 'Handled since the last overview', 'Lag (95 %)', 'Not acknowledged'],
    all.map((each) => row(each.service, each.handled, seconds(each.lagP95Seconds), each.waiting)),
    'No service reports consumers.',
  );
}

function queues({ queues: all }: Overview): Content {
  return table(
    'Queues of the broker',
    ['Queue', 'Messages ready', 'Consumers'],
    all.map((each) => row(each.queue, each.messages, each.consumers)),
    'The broker does not answer.',
  );
}

function parked({ parked: all }: Overview): Content {
  return table(
    'Messages that could not be handled',
    ['Place', 'Messages'],
    all.map((each) => row(html`<a href="/parked/${each.place}">${each.place}</a>`, each.messages)),
    'The broker does not answer.',
  );
}

function quarantined({ quarantined: known }: Overview): Content {
  if (!known) return html`<p class="empty">Payments does not report them.</p>`;
  const { notifications, oldestSeconds } = known;
  return table(
    'Quarantined notifications of providers; the gateway lists them at /api/admin/payments/quarantined',
    ['Service', 'Notifications', 'Oldest'],
    notifications > 0 ? [row('payments', notifications, formatAge(oldestSeconds))] : [],
    'None.',
  );
}

function jobs({ jobs: all }: Overview): Content {
  return table(
    'Queues of jobs',
    ['Queue', 'Waiting', 'Active', 'Delayed', 'Failed'],
    all.map((each) =>
      row(
        html`<a href="/queues/queue/${encodeURIComponent(each.queue)}">${each.queue}</a>`,
        each.waiting,
        each.active,
        each.delayed,
        each.failed,
      ),
    ),
    'No service has announced a queue.',
  );
}

function seconds(value: number | null): string {
  if (value === null) return unknown;
  if (value < 1) return `${Math.round(value * 1_000)} ms`;
  return value < 120 ? `${value.toFixed(1)} s` : `${Math.round(value / 60)} min`;
}
