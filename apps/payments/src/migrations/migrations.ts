import { Bonuses } from './bonuses.migration.js';
import { DismissedNotifications } from './dismissed-notifications.migration.js';
import { InboxByAge } from './inbox-by-age.migration.js';
import { JudgedAnew } from './judged-anew.migration.js';
import { Ledger } from './ledger.migration.js';
import { MessagesAsJson } from './messages-as-json.migration.js';
import { NamesOfPayments } from './names-of-payments.migration.js';
import { RejectedInBrief } from './rejected-in-brief.migration.js';
import { Returns } from './returns.migration.js';
import { SettledNotifications } from './settled-notifications.migration.js';

/** In order. A migration that has run anywhere is never edited; the next one follows it. */
export const migrations = [
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
];
