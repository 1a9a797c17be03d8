import { Injectable } from '@nestjs/common';
import { findNames } from '#contracts/subscriptions/names.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { Services } from './services.js';

/** Ids of which the names are wanted; null stands for nothing. */
export interface Nameless {
  readonly persons?: Iterable<string | null>;
  readonly classes?: Iterable<string | null>;
  readonly orders?: Iterable<string | null>;
}

/** What people call persons, classes, and the classes of orders, by their ids. */
export interface KnownNames {
  readonly persons: ReadonlyMap<string, string>;
  readonly classes: ReadonlyMap<string, string>;
  readonly orders: ReadonlyMap<string, string>;
}

const none: KnownNames = { persons: new Map(), classes: new Map(), orders: new Map() };

/** The names for lists of services that have only ids. Such a list is shown without them rather than not at all. */
@Injectable()
export class Names {
  constructor(private readonly services: Services) {}

  /** The names of these ids, with one request at most; none while subscriptions is away. */
  async of({ persons = [], classes = [], orders = [] }: Nameless): Promise<KnownNames> {
    const request = { person_ids: idsAmong(persons), class_ids: idsAmong(classes), order_ids: idsAmong(orders) };
    if (Object.values(request).every((ids) => ids.length === 0)) return none;
    try {
      const found = await this.services.request(findNames, request);
      return {
        persons: new Map(found.persons.map(({ person_id: id, name }) => [id, name])),
        classes: new Map(found.classes.map(({ class_id: id, title }) => [id, title])),
        orders: new Map(found.orders.map(({ order_id: id, class_title: title }) => [id, title])),
      };
    } catch (error) {
      if (error instanceof ServiceUnavailable) return none;
      throw error;
    }
  }
}

function idsAmong(ids: Iterable<string | null>): string[] {
  return [...new Set(ids)].filter((id) => id !== null);
}
