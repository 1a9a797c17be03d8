import type { z } from 'zod';
import { promoCodeBody } from '#contracts/promotions/promo-code-terms.js';
import { command } from '../../../test/support/messages/messages.js';
import { answerOf } from '../../../test/support/messages/replies.js';
import { ChangeCode } from '../src/codes/change-code.js';
import { ChangeCodeStatus } from '../src/codes/change-code-status.js';
import type { CodeView } from '../src/codes/code-view.js';
import { CreateCode } from '../src/codes/create-code.js';
import { ReadCodes } from '../src/codes/read-codes.js';
import type { PromotionsHarness } from './promotions-harness.js';

export type CodeBody = z.input<typeof promoCodeBody>;
export type CodeChange = Omit<Parameters<ChangeCode['execute']>[0][number]['data'], 'code_id' | 'changed_by'>;

/** An admin who creates promo codes and changes them by the commands of the service. */
export class CodeAdmin {
  #created = 0;

  constructor(private readonly harness: PromotionsHarness) {}

  /** The request for a code: a discount of ten percent under a new text, unless `body` says otherwise. */
  requestOf(body: Partial<CodeBody> = {}) {
    this.#created += 1;
    const whole = { code: `Code-${this.#created}`, kind: 'discount' as const, ...body };
    const benefit = whole.amount_minor === undefined ? { percent_bp: 1_000 } : {};
    return { ...promoCodeBody.parse({ ...benefit, ...whole }), created_by: 'ravi' };
  }

  async create(body: Partial<CodeBody> = {}): Promise<CodeView> {
    return answerOf((await this.harness.get(CreateCode).execute([command(this.requestOf(body))]))[0]);
  }

  async change(code: CodeView, changes: CodeChange, by = 'meera') {
    const data = { code_id: code.code_id, changed_by: by, ...changes };
    return (await this.harness.get(ChangeCode).execute([command(data)]))[0];
  }

  async changeStatus(code: CodeView, action: 'activate' | 'pause' | 'archive') {
    const data = { code_id: code.code_id, action, changed_by: 'meera' };
    return (await this.harness.get(ChangeCodeStatus).execute([command(data)]))[0];
  }

  read(code: CodeView): Promise<CodeView> {
    return this.harness.get(ReadCodes).one(code.code_id);
  }

  /** Writes the counters of the code, and its status, as redemptions would have left them. */
  setUsage(code: CodeView, used: number, held = 0) {
    return this.harness.query(
      `update promo_code set used = $2, held = $3, first_used_at = now(),
         status = case when used + $2 >= max_uses and auto_deactivate_on_max_uses then 'expired' else status end,
         auto_deactivated_at = case when used + $2 >= max_uses and auto_deactivate_on_max_uses then now() end
       where id = $1`,
      [code.code_id, used, held],
    );
  }
}
