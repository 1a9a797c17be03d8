import type { z } from 'zod';
import type { RequestContract } from '#contracts/contract.js';
import { type Instance, ServiceHarness } from '../../../test/support/services/service-harness.js';
import { promotionsDatabase } from '../src/database.js';
import { PromotionsSettings, readPromotionsConfig } from '../src/promotions.config.js';
import { featureModules } from '../src/promotions.module.js';

/** In place of the other services: replies that the test sets. */
export class StubbedReplies {
  private readonly answers = new Map<string, (request: unknown) => unknown>();

  on<Request extends z.ZodType, Response extends z.ZodType>(
    contract: RequestContract<Request, Response>,
    answer: (request: z.output<Request>) => z.input<Response> | Promise<z.input<Response>>,
  ): void {
    this.answers.set(contract.type, answer as (request: unknown) => unknown);
  }

  async request({ type }: RequestContract, request: unknown): Promise<unknown> {
    const answer = this.answers.get(type);
    if (!answer) throw new Error(`the test has no answer to ${type}`);
    return answer(request);
  }
}

const settings = readPromotionsConfig({
  PROMOTIONS_DATABASE_URL: 'postgres://none/none',
  REDIS_URL: 'redis://none',
  AMQP_URL: 'amqp://none',
});

/** One instance of the service without broker and Redis, with stubbed replies of the other services. */
export class PromotionsHarness extends ServiceHarness {
  private constructor(
    instance: Instance,
    readonly others: StubbedReplies,
  ) {
    super(instance);
  }

  /** With a database of its own, or, as a second instance, on that of `other`. */
  static async open(other?: PromotionsHarness): Promise<PromotionsHarness> {
    const others = new StubbedReplies();
    const parts = {
      service: 'promotions',
      database: promotionsDatabase,
      modules: featureModules,
      settings: { provide: PromotionsSettings, useValue: settings },
      others,
    } as const;
    return new PromotionsHarness(await ServiceHarness.set(parts, other), others);
  }
}
