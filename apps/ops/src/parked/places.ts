import { z } from 'zod';
import { events } from '#contracts/catalogue.js';
import type { ParkingPlace } from '#messaging/parking/dead-letters.js';

/** Where messages can be parked: each service that consumes events, and `unroutable` for events without a contract. */
export const places: readonly ParkingPlace[] = [
  ...[...new Set(events.flatMap(({ consumers }) => consumers))].sort(),
  'unroutable',
];

export const placeParams = z.object({ place: z.enum(places as [ParkingPlace, ...ParkingPlace[]]) });

/** Every parked message has an id that fits into a URL. */
export const messageParams = placeParams.extend({ parked_id: z.string().min(1).max(100) });
