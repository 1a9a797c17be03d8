import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import { foldCode } from '#contracts/promotions/fold-code.js';
import type {
  exportPromoCodes,
  listCodeChanges,
  listCodePersons,
  listPromoCodes,
  previewHours,
  previewOpenings,
} from '#contracts/promotions/promo-codes.js';
import { Clock, localDay } from '#kernel/clock.js';
import { mapPage } from '#persistence/paging.js';
import { codeView, exportedView, instantOf, openingView } from './code-view.js';
import { type CodeFilter, CodesStore } from './codes.store.js';
import { checkHours, hoursOf } from './domain/active-hours.js';
import { availabilityAt } from './domain/availability.js';
import { checkValidity, codeNotFound, type PromoCode } from './domain/code.js';
import { openingsFrom } from './domain/openings.js';

type Filter = Pick<RequestOf<typeof listPromoCodes>, 'owner_id' | 'batch_id' | 'kind' | 'status' | 'search'>;

/** Reads codes for admins. */
@Injectable()
export class ReadCodes {
  constructor(
    private readonly codes: CodesStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal PROMO_CODE_NOT_FOUND */
  async one(id: string) {
    return codeView(await this.find(id), this.clock.now());
  }

  async list(request: RequestOf<typeof listPromoCodes>) {
    const page = await this.codes.list(filterOf(request), request, request.sort);
    const now = this.clock.now();
    return mapPage(page, (code) => codeView(code, now));
  }

  async export({ after, limit, ...filter }: RequestOf<typeof exportPromoCodes>) {
    const items = await this.codes.after(filterOf(filter), after, limit);
    return { items: items.map(exportedView), next: items.length < limit ? null : (items.at(-1)?.id ?? null) };
  }

  /** @throws Refusal PROMO_CODE_NOT_FOUND */
  async changes({ code_id: id, ...paging }: RequestOf<typeof listCodeChanges>) {
    await this.find(id);
    return mapPage(await this.codes.changes(id, paging), ({ changedBy, version, at, before, after }) => {
      return { version, changed_by: changedBy, at: at.toString(), before, after };
    });
  }

  /** @throws Refusal PROMO_CODE_NOT_FOUND */
  async persons({ code_id: id, ...paging }: RequestOf<typeof listCodePersons>) {
    await this.find(id);
    return this.codes.persons(id, paging);
  }

  /** @throws Refusal PROMO_CODE_NOT_FOUND, also for a code that is not `owned_by` */
  async openings({ code_id: id, owned_by: owner, from, days }: RequestOf<typeof previewOpenings>) {
    const code = await this.find(id);
    if (owner !== null && code.ownerId !== owner) throw codeNotFound();
    const { timezone } = code.activeHours;
    const first = from ? Temporal.PlainDate.from(from) : localDay(this.clock.now(), timezone);
    const openings = openingsFrom(hoursOf(code.activeHours, code.days), first, days);
    return { code_id: id, timezone, openings: openings.map(openingView) };
  }

  /** @throws Refusal ACTIVE_HOURS_INVALID, TIME_ZONE_UNKNOWN, PROMO_CODE_INVALID or DATES_REVERSED */
  previewHours({ active_hours: activeHours, days, from, count, ...request }: RequestOf<typeof previewHours>) {
    checkHours(activeHours);
    const validity = { validFrom: instantOf(request.valid_from), validUntil: instantOf(request.valid_until) };
    checkValidity({ ...validity, days });
    const now = this.clock.now();
    const hours = hoursOf(activeHours, days);
    const { timezone } = activeHours;
    const first = from ? Temporal.PlainDate.from(from) : localDay(now, timezone);
    const { open, localTime, nextOpensAt, closesAt } = availabilityAt(hours, validity, now);
    return {
      timezone,
      as_of: now.toString(),
      local_time: localTime,
      open,
      next_opens_at: nextOpensAt?.toString() ?? null,
      closes_at: closesAt?.toString() ?? null,
      openings: openingsFrom(hours, first, count).map(openingView),
    };
  }

  private async find(id: string): Promise<PromoCode> {
    const code = await this.codes.find(id);
    if (!code) throw codeNotFound();
    return code;
  }
}

export function filterOf({ owner_id: ownerId, batch_id: batchId, kind, status, search }: Filter): CodeFilter {
  return {
    ownerId,
    batchId,
    kind,
    status,
    search: search === undefined ? undefined : { folded: foldCode(search), title: search },
  };
}
