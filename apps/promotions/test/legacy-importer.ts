import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ImportLegacyCodes, type Source } from '../src/legacy-import/import-legacy-codes.js';
import { LegacyStore } from '../src/legacy-import/legacy.store.js';
import { LegacyRedemptionsStore } from '../src/legacy-import/legacy-redemptions.store.js';
import { Report } from '../src/legacy-import/report.js';
import { Session } from '../src/legacy-import/session.js';
import type { PromotionsHarness } from './promotions-harness.js';

const file = (name: string): Source => ({
  name,
  chunks: createReadStream(join(import.meta.dirname, 'legacy-export', name), 'utf8'),
});

export const legacyCodes = () => file('promo_codes.json');
export const legacyUsers = () => file('user_promo_codes.json');

/** A file with one record per line. */
export const exportOf = (name: string, records: readonly unknown[]): Source => ({
  name,
  chunks: Readable.from(records.map((record) => `${JSON.stringify(record)}\n`)),
});

/** Imports into the database of a harness. */
export class LegacyImporter {
  constructor(private readonly harness: PromotionsHarness) {}

  /** @returns the lines of the report, and its sums. */
  async run(
    sources: { codes?: Source; users?: Source },
    { trial = false, currency = 'USD', sender = undefined as string | undefined } = {},
  ) {
    const lines: string[] = [];
    const report = new Report((line) => lines.push(line));
    const session = await Session.open(this.harness.databaseUrl, { trial });
    try {
      const stores = [new LegacyStore(session), new LegacyRedemptionsStore(session, sender ?? null)] as const;
      await new ImportLegacyCodes(...stores, report, this.harness.clock, currency).execute(sources);
    } finally {
      await session.close();
    }
    return { lines, summary: report.summary() };
  }

  async codeNamed(code: string) {
    const [found] = await this.harness.query<Record<string, unknown> & { id: string }>(
      'select * from promo_code where code = $1',
      [code],
    );
    return found as Record<string, unknown> & { id: string };
  }

  /** All that an import may change. */
  everything() {
    return this.harness.query(
      `select (select jsonb_agg(to_jsonb(c) order by c.id) from promo_code c) as codes,
         (select jsonb_agg(to_jsonb(r) order by r.id) from redemption r) as redemptions,
         (select jsonb_agg(to_jsonb(e) order by e.code_id, e.entry_no) from redemption_entry e) as entries,
         (select jsonb_agg(to_jsonb(p) order by p.id) from person p) as persons,
         (select jsonb_agg(to_jsonb(a) order by a.code_id, a.person_id) from promo_application a) as applications,
         (select jsonb_agg(to_jsonb(o) order by o.id) from offer o) as offers`,
    );
  }
}
