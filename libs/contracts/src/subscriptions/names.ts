import { z } from 'zod';
import { query } from '../contract.js';
import { id } from '../wire.js';

/** The most ids of one kind. */
const idsMax = 400;
const ids = z.array(id).max(idsMax).default([]);

/** Lists of money have ids alone: only subscriptions has the names of persons and classes. */
export const findNames = query({
  type: 'subscriptions.find-names.v1',
  service: 'subscriptions',
  about: 'The names of persons, and the titles of classes and of the classes of orders. What is unknown is left out.',
  request: z.object({ person_ids: ids, class_ids: ids, order_ids: ids }),
  response: z.object({
    persons: z.array(z.object({ person_id: id, name: z.string() })),
    classes: z.array(z.object({ class_id: id, title: z.string() })),
    orders: z.array(z.object({ order_id: id, class_id: id, class_title: z.string() })),
  }),
});
