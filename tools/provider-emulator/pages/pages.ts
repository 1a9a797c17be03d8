import type { Notice, Payment, Session } from '../records.ts';
import { formatAmount, typedAmount } from '../stripe/amounts.ts';
import { sumOf } from '../stripe/stripe-objects.ts';
import { Html, html } from './html.ts';

/** All that the page of a session shows. */
export interface SessionPage {
  readonly session: Session;
  readonly payments: readonly Payment[];
  readonly notices: readonly Notice[];
  /** Why the last act was not possible. */
  readonly fault?: string;
}

/** The page on which a person pays, and on which everything else can happen to the payment. */
export function sessionPage({ session, payments, notices, fault }: SessionPage): string {
  return page(
    `Pay ${formatAmount(session.amount, session.currency)}`,
    html`
      ${fault ? html`<section role="alert"><p class="notice">${fault}</p></section>` : null}
      <section aria-labelledby="title">
        <h1 id="title">${session.title}</h1>
        <p class="amount">${formatAmount(session.amount, session.currency)}</p>
        ${session.status === 'open' ? payForm(session) : closedText(session)}
      </section>
      ${session.status === 'open' ? otherWays(session) : null}
      ${payments.length > 0 ? paymentsSection(payments) : null}
      ${notices.length > 0 ? noticesSection(notices) : null}`,
  );
}

/** Everything that was ever to be paid here, the newest first. */
export function overviewPage(sessions: readonly Session[], notices: readonly Notice[]): string {
  const rows = sessions.map(
    (session) => html`<tr>
      <td><a href="/checkout/${session.id}">${session.title}</a></td>
      <td>${formatAmount(session.amount, session.currency)}</td>
      <td>${session.status}</td></tr>`,
  );
  return page(
    'Payment pages',
    html`<section aria-labelledby="title">
        <h1 id="title">Payment pages</h1>
        ${
          rows.length > 0
            ? table(['For', 'Amount', 'State'], rows)
            : html`<p class="quiet">Nothing is to be paid yet. Order a class in the console and press “Pay”.</p>`
        }
      </section>
      ${notices.length > 0 ? noticesSection(notices) : null}`,
  );
}

/** A page that says only one thing. */
export function plainPage(title: string, text: string): string {
  return page(title, html`<section><h1>${title}</h1><p>${text}</p><p><a href="/">All payment pages</a></p></section>`);
}

function page(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Test payment provider</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><p><strong>Test payment provider</strong><span class="quiet">No real money moves · <a href="/">All payment pages</a></span></p></header>
<main>${content}</main>
</body>
</html>`.text;
}

function payForm(session: Session): Html {
  return html`<p class="quiet">The page closes at ${instant(session.expiresAt)}.</p>
    <form method="post" action="/checkout/${session.id}/pay">
      <button class="main">Pay ${formatAmount(session.amount, session.currency)}</button>
    </form>
    ${session.cancelUrl ? html`<p><a href="${session.cancelUrl}">Go back without paying</a></p>` : null}`;
}

function closedText(session: Session): Html {
  const text = session.status === 'complete' ? 'This was paid.' : 'This page is closed: it takes no payment any more.';
  return html`<p>${text}</p><p><a href="${session.successUrl}">Back to the order</a></p>`;
}

function otherWays(session: Session): Html {
  const { id, amount, currency } = session;
  const typed = (units: number) => typedAmount(units, currency);
  const amountField = (value: number) =>
    html`<label>Amount in ${currency.toUpperCase()}<input name="amount" inputmode="decimal" required value="${typed(value)}"></label>`;
  const way = (act: string, says: string, button: string, field: Html | null = null) => html`<li>
      <form method="post" action="/checkout/${id}/${act}"><p>${says}</p>
        <span class="fields">${field}<button>${button}</button></span></form></li>`;
  return html`<section aria-labelledby="other-ways"><h2 id="other-ways">Or something else happens</h2>
    <ul class="acts">
      ${way('pay-in-part', 'Less than the amount is paid.', 'Pay a part', amountField(Math.max(1, Math.floor(amount / 2))))}
      ${way('pay-too-much', 'More than the amount is paid.', 'Pay too much', amountField(amount + 1_000))}
      ${way('pay-twice', 'The amount is paid two times.', 'Pay twice')}
      ${way(
        'pay-late',
        'The bank takes its time: the money arrives after some seconds.',
        'Pay late',
        html`<label>Seconds<input name="seconds" inputmode="numeric" required value="60"></label>`,
      )}
      ${way('pay-unnamed', 'A payment arrives that names neither person nor order.', 'Pay without a name', amountField(amount))}
    </ul></section>`;
}

function paymentsSection(payments: readonly Payment[]): Html {
  return html`<section aria-labelledby="payments"><h2 id="payments">Payments</h2>
    <ul class="payments">${payments.map(paymentItem)}</ul></section>`;
}

function paymentItem(payment: Payment): Html {
  const { id, amount, currency, status, dispute, refunds } = payment;
  const refunded = sumOf(refunds);
  const left = amount - refunded;
  const act = (name: string, button: string, field: Html | null = null) => html`<form class="inline" method="post"
      action="/payments/${id}/${name}">${field}<button>${button}</button></form>`;
  const refundField = html`<label>Refund in ${currency.toUpperCase()}<input name="amount" inputmode="decimal" required value="${typedAmount(left, currency)}"></label>`;
  const hasArrived = status === 'succeeded';
  return html`<li>
    <strong>${formatAmount(amount, currency)}</strong>
    <span class="quiet">${hasArrived ? 'arrived' : 'on its way'}${refunded > 0 ? ` · ${formatAmount(refunded, currency)} refunded` : ''}${dispute ? ` · dispute: ${dispute.status.replace('_', ' ')}` : ''}</span>
    <br><code>${id}</code>
    ${hasArrived ? null : act('arrive', 'The money arrives now')}
    ${hasArrived && left > 0 && dispute?.status !== 'needs_response' ? act('refund', 'Refund', refundField) : null}
    ${refunded > 0 ? act('fail-refund', 'The last refund fails') : null}
    ${hasArrived && left > 0 && dispute === null ? act('dispute', 'The payer disputes it') : null}
    ${dispute?.status === 'needs_response' ? [act('win-dispute', 'The dispute is won'), act('lose-dispute', 'The dispute is lost')] : null}
  </li>`;
}

function noticesSection(notices: readonly Notice[]): Html {
  const items = [...notices].reverse().map(({ id, type, attempts, state }) => {
    const tries = attempts.length > 1 ? `, ${attempts.length} attempts` : '';
    return html`<li>
      <p><code>${type}</code><br><span class="${state === 'delivered' ? 'good' : 'bad'}">${state}</span>
        <small>${spelled(attempts.at(-1)?.answer)}${tries}</small></p>
      <form method="post" action="/notices/${id}/send"><button>Send again</button></form></li>`;
  });
  return html`<section aria-labelledby="notices"><h2 id="notices">Notifications to the shop</h2>
    <ul class="notices">${items}</ul></section>`;
}

/** An answer as people read it: the status, and the verdict of the payment service. */
function spelled(answer: string | undefined): string {
  if (answer === undefined) return 'not sent yet';
  const [, status, verdict] = /^(\d{3}) .*"verdict":"(\w+)"/s.exec(answer) ?? [];
  return status ? `${status} ${verdict}` : answer;
}

function table(titles: readonly string[], rows: readonly Html[]): Html {
  const heads = titles.map((title) => html`<th scope="col">${title}</th>`);
  return html`<div class="table" tabindex="0" role="group" aria-label="${titles[0] ?? ''}"><table>
    <thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function instant(seconds: number): string {
  const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(seconds * 1_000)} UTC`;
}
