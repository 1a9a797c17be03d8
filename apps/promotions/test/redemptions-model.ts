type State = 'held' | 'redeemed' | 'released' | 'lapsed' | 'reversed';

export interface CodeModel {
  readonly name: string;
  readonly benefitMinor: number;
  maxUses: number | null;
  readonly perPerson: number | null;
  readonly perOffer: number | null;
  readonly budgetMinor: number | null;
  readonly deactivates: boolean;
  readonly keepsSlotOn: string;
  /** Whether it is for new persons, who have one use over all such codes. */
  readonly forNewPersons: boolean;
}

interface RedemptionModel {
  readonly code: string;
  readonly person: number;
  readonly offer: number;
  /** The order or the conversion. */
  readonly target: string;
  state: State;
  keepsSlot: boolean;
}

/** One action. Targets are orders and conversions; each requests the same codes each time. */
export type ModelAction =
  | {
      readonly does: 'hold' | 'convert';
      readonly target: string;
      readonly codes: readonly string[];
      readonly person: number;
      readonly offer: number;
    }
  | { readonly does: 'redeem' | 'release' | 'lapse'; readonly target: string }
  | { readonly does: 'reverse'; readonly target: string; readonly reason: string }
  | { readonly does: 'raise'; readonly code: string };

/**
 * The rules of uses once more, one action after the other, with no database, no sets and no cleverness: what the
 * real ones must agree with, in some order of what happened at the same time.
 */
export class RedemptionsModel {
  private constructor(
    private readonly codes: Map<string, CodeModel & { status: string; deactivations: number }>,
    private readonly uses: RedemptionModel[],
  ) {}

  static of(codes: readonly CodeModel[]): RedemptionsModel {
    return new RedemptionsModel(
      new Map(codes.map((code) => [code.name, { ...code, status: 'active', deactivations: 0 }])),
      [],
    );
  }

  copy(): RedemptionsModel {
    return new RedemptionsModel(
      new Map([...this.codes].map(([name, code]) => [name, { ...code }])),
      this.uses.map((use) => ({ ...use })),
    );
  }

  /** What is said to it; the same words as in the test. */
  apply(action: ModelAction): string {
    switch (action.does) {
      case 'hold':
      case 'convert':
        return this.admit(action);
      case 'redeem':
        return this.redeem(action.target);
      case 'release':
        return this.giveBack(action.target, 'released');
      case 'lapse':
        return this.giveBack(action.target, 'lapsed');
      case 'reverse':
        return this.reverse(action.target, action.reason);
      case 'raise':
        return this.raise(action.code);
    }
  }

  summary(name: string): string {
    const { status, deactivations } = this.code(name);
    const slots = this.slots(name);
    const held = slots.filter(({ state }) => state === 'held').length;
    return [status, `${slots.length - held} used`, `${held} held`, `${deactivations} deactivations`].join(', ');
  }

  private admit({ does, target, codes, person, offer }: Extract<ModelAction, { does: 'hold' | 'convert' }>): string {
    if (this.uses.some((use) => use.target === target)) return 'repeated';
    const before = this.uses.length;
    for (const name of codes) {
      const refusal = this.refusal(name, person, offer);
      if (refusal) {
        this.uses.length = before;
        // Where several codes refuse, the reported reason depends on when the rules were evaluated.
        return codes.length > 1 ? 'refused' : refusal;
      }
      const state = does === 'hold' ? 'held' : 'redeemed';
      this.uses.push({ code: name, person, offer, target, state, keepsSlot: true });
    }
    for (const name of codes) this.settle(name);
    return 'admitted';
  }

  private refusal(name: string, person: number, offer: number): string | null {
    const code = this.code(name);
    const slots = this.slots(name);
    const reached = (limit: number | null, count: number) => limit !== null && count >= limit;
    if (code.status === 'expired' || reached(code.maxUses, slots.length)) return 'PROMO_CODE_USED_UP';
    if (reached(code.perPerson, slots.filter((use) => use.person === person).length)) return 'PROMO_CODE_PERSON_LIMIT';
    const ofNewPerson = this.uses.filter(
      (use) => use.keepsSlot && use.person === person && this.code(use.code).forNewPersons,
    );
    if (code.forNewPersons && ofNewPerson.length > 0) return 'PROMO_CODE_NEW_PERSON_LIMIT';
    if (reached(code.perOffer, slots.filter((use) => use.offer === offer).length)) return 'PROMO_CODE_OFFER_LIMIT';
    const spent = (slots.length + 1) * code.benefitMinor;
    return code.budgetMinor !== null && spent > code.budgetMinor ? 'PROMO_CODE_BUDGET_SPENT' : null;
  }

  private redeem(target: string): string {
    const uses = this.uses.filter((use) => use.target === target);
    if (uses.some(({ state }) => state === 'released' || state === 'lapsed')) return 'a fault';
    for (const use of uses.filter(({ state }) => state === 'held')) {
      use.state = 'redeemed';
      this.settle(use.code);
    }
    return 'done';
  }

  private giveBack(target: string, state: 'released' | 'lapsed'): string {
    const held = this.uses.filter((use) => use.target === target && use.state === 'held');
    for (const use of held) Object.assign(use, { state, keepsSlot: false });
    return `${held.length} ${state}`;
  }

  private reverse(target: string, reason: string): string {
    const redeemed = this.uses.filter((use) => use.target === target && use.state === 'redeemed');
    for (const use of redeemed) {
      use.state = 'reversed';
      use.keepsSlot = this.code(use.code).keepsSlotOn === reason;
      this.settle(use.code);
    }
    return `${redeemed.length} reversed`;
  }

  private raise(name: string): string {
    const code = this.code(name);
    if (code.maxUses !== null) code.maxUses += 1;
    this.settle(name);
    return 'done';
  }

  private settle(name: string): void {
    const code = this.code(name);
    const used = this.slots(name).filter(({ state }) => state !== 'held').length;
    const isUsedUp = code.deactivates && code.maxUses !== null && used >= code.maxUses;
    if (isUsedUp && code.status === 'active') {
      code.status = 'expired';
      code.deactivations += 1;
    } else if (!isUsedUp) {
      code.status = 'active';
    }
  }

  private slots(name: string): RedemptionModel[] {
    return this.uses.filter((use) => use.code === name && use.keepsSlot);
  }

  private code(name: string) {
    return this.codes.get(name) as CodeModel & { status: string; deactivations: number };
  }
}

/** What happened in one batch, in order, each with what was said to it. */
export type ObservedBatch = readonly { readonly action: ModelAction; readonly said: string }[];

/**
 * Models that are as they would be if what happened at the same time had happened one after the other, in an order that
 * explains every answer and keeps the order within each batch. None when there is no such order.
 */
export function explanations(
  model: RedemptionsModel,
  batches: readonly ObservedBatch[],
  isRight: (model: RedemptionsModel) => boolean,
): RedemptionsModel | null {
  if (batches.every(({ length }) => length === 0)) return isRight(model) ? model : null;
  for (const [index, [first, ...rest]] of batches.entries()) {
    if (!first) continue;
    const next = model.copy();
    if (next.apply(first.action) !== first.said) continue;
    const found = explanations(next, batches.with(index, rest), isRight);
    if (found) return found;
  }
  return null;
}
