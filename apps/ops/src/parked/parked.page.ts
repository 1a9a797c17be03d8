import type { ParkedMessage, ParkingPlace } from '#messaging/parking/dead-letters.js';
import type { Page } from '#persistence/paging.js';
import type { Action } from '../actions/actions.store.js';
import { type Content, type Html, html } from '../pages/html.js';
import { layout } from '../pages/layout.js';
import { pages, row, section, table, time } from '../pages/parts.js';

export function placesPage(counts: readonly { place: string; messages: number }[], operator: string): Html {
  const rows = counts.map(({ place, messages }) => row(html`<a href="/parked/${place}">${place}</a>`, messages));
  const body = html`<section>
<p>Messages that a service could not handle wait here, whole, until somebody decides. Replaying sends one back to the queue that it came from.</p>
${table('Parked messages by place', ['Whose', 'Messages'], rows, 'The broker does not answer.')}</section>`;
  return layout({ title: 'Parked messages', body, operator });
}

export function listPage(place: ParkingPlace, page: Page<ParkedMessage>, operator: string): Html {
  const { items, total = items.length } = page;
  const rows = items.map((message) =>
    row(
      html`<a href="${addressOf(place, message)}">${message.type ?? 'unknown type'}</a>`,
      message.subject ?? '–',
      html`<strong>${message.reason}</strong><br><span class="soft">${firstLine(message.detail)}</span>`,
      time(message.parkedAt),
      message.attempts,
      replayForm(place, 'Replay', message),
    ),
  );
  const heads = ['What', 'About', 'Why', 'Parked', 'Retries', ''];
  const body = html`<section>
${table(`Messages parked by ${place}`, heads, rows, 'Nothing is parked here.')}
${pages(`/parked/${place}`, page)}
${total > 0 && replayForm(place, total === 1 ? 'Replay the only one' : `Replay all ${total}`)}
</section>
<p><a href="/parked">All places</a></p>`;
  return layout({ title: `Parked: ${place}`, body, operator });
}

export function messagePage(place: ParkingPlace, message: ParkedMessage, operator: string): Html {
  const events: [string, Content][] = [
    ['Came from the queue', place],
    ['About', message.subject ?? '–'],
    ['Message id', html`<code>${message.messageId ?? '–'}</code>`],
    ['Parked', time(message.parkedAt)],
    ['Retries', message.attempts],
    ['Why', html`<strong>${message.reason}</strong>`],
  ];
  const body = html`
${section(
  'What happened',
  html`<dl>${events.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>${message.detail && html`<pre tabindex="0">${message.detail}</pre>`}`,
)}
${section('Body', html`<pre tabindex="0">${pretty(message.body)}</pre>`)}
${section('Replay', html`<p>Sends it back to its queue, to be handled like any other.</p>${replayForm(place, 'Replay', message)}`)}
${section(
  'Discard',
  html`<p>Removes it for ever. The record keeps its body, the operator and the reason.</p>
<form class="act" method="post" action="/parked/${place}/discard">
<input type="hidden" name="parked_id" value="${message.parkedId}">
<div class="field"><label for="reason">The reason for discarding it</label><input id="reason" name="reason" required minlength="3" maxlength="500" autocomplete="off"></div>
<button type="submit" class="danger">Discard</button></form>`,
)}
<p><a href="/parked/${place}">All messages parked by ${place}</a></p>`;
  return layout({ title: message.type ?? 'A message of unknown type', body, operator });
}

export function actionsPage(page: Page<Action>, operator: string): Html {
  const rows = page.items.map((action) =>
    row(
      html`<a href="/actions/${action.id}">${action.kind}</a>`,
      time(action.requestedAt.toString()),
      action.operator,
      action.jobId === null ? action.place : `${action.place} ${action.jobId}`,
      action.messages + action.jobs,
      action.reason ?? '–',
      outcome(action),
    ),
  );
  const heads = ['What', 'When', 'Who', 'Where', 'Messages or jobs', 'Why', 'Outcome'];
  const body = html`<section>${table('What operators did, newest first', heads, rows, 'There are no actions yet.')}
${pages('/actions', page)}</section>`;
  return layout({ title: 'What operators did', body, operator });
}

export function actionPage(id: string, messages: readonly ParkedMessage[], operator: string): Html {
  const body = html`${messages.map((message) =>
    section(
      `${message.type ?? 'A message of unknown type'} about ${message.subject ?? 'an unknown subject'}`,
      html`<p>Parked ${time(message.parkedAt)}: <strong>${message.reason}</strong></p><pre tabindex="0">${pretty(message.body)}</pre>`,
    ),
  )}
${messages.length === 0 && html`<p class="empty">It affected no message.</p>`}
<p><a href="/actions">What operators did</a></p>`;
  return layout({ title: `Action ${id}`, body, operator });
}

function outcome({ doneAt, failure }: Action): Content {
  if (failure) return html`<span class="status bad">failed</span> ${failure}`;
  return doneAt ? html`<span class="status good">done</span>` : html`<span class="status warn">not finished</span>`;
}

/** Without a message: all of them. */
function replayForm(place: ParkingPlace, words: string, message?: ParkedMessage): Html {
  const what = message
    ? html`<input type="hidden" name="parked_id" value="${message.parkedId}">`
    : html`<input type="hidden" name="all" value="true">`;
  return html`<form class="act" method="post" action="/parked/${place}/replay">${what}<button type="submit">${words}</button></form>`;
}

function addressOf(place: ParkingPlace, { parkedId }: ParkedMessage): string {
  return `/parked/${place}/${encodeURIComponent(parkedId)}`;
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
