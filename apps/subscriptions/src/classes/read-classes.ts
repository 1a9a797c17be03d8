import { Injectable } from '@nestjs/common';
import type { DataOf, RequestOf } from '#contracts/contract.js';
import type { classPublished, quoteClass } from '#contracts/subscriptions/classes.js';
import { periodsShown } from '#contracts/subscriptions/rules.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { mapPage, type Paging } from '#persistence/paging.js';
import { ordererOf } from '../persons/domain/person.js';
import { PersonsStore } from '../persons/persons.store.js';
import { filledParameters, keyOf, methodOf, plannedPeriods, quoteBy, type RuleVersion } from '../rules/domain/rule.js';
import { RulesStore } from '../rules/rules.store.js';
import { type ClassView, classView, type PricedClass, type QuoteView, quoteView } from './class-view.js';
import { ClassesStore, type ClassFilter } from './classes.store.js';
import { classNotFound, type PublishedClass, versionOf } from './domain/class.js';

/** Reads and quotes classes. */
@Injectable()
export class ReadClasses {
  constructor(
    private readonly classes: ClassesStore,
    private readonly rules: RulesStore,
    private readonly persons: PersonsStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal CLASS_NOT_FOUND */
  async one(id: string): Promise<ClassView> {
    const { published, rule } = await this.withRule(id);
    return classView(published, rule, this.clock.now());
  }

  async list(filter: ClassFilter, paging: Paging) {
    const now = this.clock.now();
    const page = await this.classes.list(filter, now, paging);
    const rules = await this.rules.versions(page.items.map(versionOf));
    return mapPage(page, (published) => {
      const rule = rules.get(keyOf(versionOf(published)));
      assert(rule, 'each class names a version of a rule');
      return classView(published, rule, now);
    });
  }

  /** The classes among `ids` that exist, in the shape of their events. */
  async offered(ids: readonly string[]): Promise<DataOf<typeof classPublished>[]> {
    const found = await this.classes.findAll(ids);
    return found.map(({ id, title, currency, publishedAt }) => {
      return { class_id: id, title, currency, published_at: publishedAt.toString() };
    });
  }

  /** Quotes an order of the class made now. @throws Refusal CLASS_NOT_FOUND, CLASS_ENDED, and those of its method */
  async quote(request: RequestOf<typeof quoteClass>): Promise<QuoteView> {
    return quoteView(await this.priced(request));
  }

  /** The price and the days of an order of the class made now. @throws as `quote` does */
  async priced(request: RequestOf<typeof quoteClass>): Promise<PricedClass> {
    const { class_id: id, person_id: personId, chosen_amount_minor: amountMinor = null } = request;
    const { published, rule } = await this.withRule(id);
    const needsPerson = personId !== undefined && methodOf(rule).readsPerson;
    const person = needsPerson ? await this.persons.find(personId) : undefined;
    const choice = { seats: 1, amountMinor, person: person ? ordererOf(person) : null };
    const quotedAt = this.clock.now();
    const { parameters } = published;
    const quote = quoteBy(rule, parameters, published, quotedAt, choice);
    const planned = plannedPeriods(rule, parameters, published, quotedAt, periodsShown);
    const choosable = methodOf(rule).choosable?.(filledParameters(rule, parameters)) ?? null;
    return { published, quote, quotedAt, choosable, planned };
  }

  private async withRule(id: string): Promise<{ published: PublishedClass; rule: RuleVersion }> {
    const published = await this.classes.find(id);
    if (!published) throw classNotFound();
    const key = versionOf(published);
    const rule = (await this.rules.versions([key])).get(keyOf(key));
    assert(rule, 'each class names a version of a rule');
    return { published, rule };
  }
}
