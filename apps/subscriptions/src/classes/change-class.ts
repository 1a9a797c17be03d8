import { Injectable } from '@nestjs/common';
import { type changeClass, classChanged } from '#contracts/classes.js';
import type { RequestOf } from '#contracts/contract.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { answered } from '#messaging/requests/replies.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { ClassRules } from './class-rules.js';
import { type ClassView, classView, offeredClass } from './class-view.js';
import { ClassesStore } from './classes.store.js';
import { type ClassTerms, checkCapacity, classNotFound, type PublishedClass } from './domain/class.js';
import { dayOf } from './domain/days.js';

type Request = RequestOf<typeof changeClass>;

/** Changes a class for the orders to come, under its lock, so that no order is opened halfway. */
@Injectable()
export class ChangeClass {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly rules: ClassRules,
    private readonly classes: ClassesStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<ClassView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const locked = await this.classes.lock(
          tx,
          fresh.map(({ data }) => data.class_id),
        );
        const replies = await sequentially(fresh, ({ data }) => this.change(tx, locked.get(data.class_id), data));
        const changedAt = this.clock.now().toString();
        const events = answered(fresh, replies).map(({ command, answer }) => {
          const data = { ...offeredClass(answer), changed_at: changedAt };
          return newEvent(classChanged, { subject: answer.class_id, data, cause: command });
        });
        await this.outbox.add(tx, events);
        return replies;
      }),
    );
  }

  private async change(tx: Tx, published: PublishedClass | undefined, data: Request): Promise<ClassView> {
    if (!published) throw classNotFound();
    const terms = changed(published, data);
    checkCapacity(terms.capacity, published.seatsTaken);
    const rule = await this.rules.check(tx, data.rule_id ?? published.ruleId, terms);
    Object.assign(published, terms, { ruleId: rule.ruleId, ruleVersion: rule.version });
    await this.classes.save(tx);
    return classView(published, rule);
  }
}

/** What the change does not name stays; a null is named. */
function changed(published: PublishedClass, data: Request): ClassTerms {
  return {
    title: data.title ?? published.title,
    description: data.description ?? published.description,
    parameters: data.parameters ?? published.parameters,
    timeZone: data.time_zone ?? published.timeZone,
    currency: published.currency,
    capacity: data.capacity === undefined ? published.capacity : data.capacity,
    approvalRequired: data.approval_required ?? published.approvalRequired,
    startDate: data.start_date === undefined ? published.startDate : dayOf(data.start_date),
    endDate: data.end_date === undefined ? published.endDate : dayOf(data.end_date),
    paymentWindowHours: data.payment_window_hours ?? published.paymentWindowHours,
  };
}
