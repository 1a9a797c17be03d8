import type { Database } from '#persistence/database.js';
import { Bonuses } from './migrations/bonuses.migration.js';
import { DecidedInSteps } from './migrations/decided-in-steps.migration.js';
import { DismissedNotifications } from './migrations/dismissed-notifications.migration.js';
import { InboxByAge } from './migrations/inbox-by-age.migration.js';
import { InboxByMessage } from './migrations/inbox-by-message.migration.js';
import { JudgedAnew } from './migrations/judged-anew.migration.js';
import { LeanerRows } from './migrations/leaner-rows.migration.js';
import { Ledger } from './migrations/ledger.migration.js';
import { ListedSettlements } from './migrations/listed-settlements.migration.js';
import { MessagesAsJson } from './migrations/messages-as-json.migration.js';
import { NamesOfPayments } from './migrations/names-of-payments.migration.js';
import { PaymentsAsSources } from './migrations/payments-as-sources.migration.js';
import { RejectedInBrief } from './migrations/rejected-in-brief.migration.js';
import { Returns } from './migrations/returns.migration.js';
import { SettledNotifications } from './migrations/settled-notifications.migration.js';

/**
 * The service's database. Everything in it moves in sets, so the stores speak SQL and nothing is mapped. A migration
 * that has run anywhere is never edited; the next one follows it.
 */
export function paymentsDatabase(url: string): Database {
  return {
    url,
    entities: [],
    migrations: [
      { name: '2026-11-20-ledger', class: Ledger },
      { name: '2026-11-21-bonuses', class: Bonuses },
      { name: '2026-11-21-messages-as-json', class: MessagesAsJson },
      { name: '2026-11-21-inbox-by-age', class: InboxByAge },
      { name: '2026-11-21-names-of-payments', class: NamesOfPayments },
      { name: '2026-11-22-dismissed-notifications', class: DismissedNotifications },
      { name: '2026-11-22-rejected-in-brief', class: RejectedInBrief },
      { name: '2026-11-22-judged-anew', class: JudgedAnew },
      { name: '2026-11-22-returns', class: Returns },
      { name: '2026-11-22-settled-notifications', class: SettledNotifications },
      { name: '2026-11-22-decided-in-steps', class: DecidedInSteps },
      { name: '2026-11-22-inbox-by-message', class: InboxByMessage },
      { name: '2026-11-22-leaner-rows', class: LeanerRows },
      { name: '2026-11-22-listed-settlements', class: ListedSettlements },
      { name: '2026-11-22-payments-as-sources', class: PaymentsAsSources },
    ],
  };
}
