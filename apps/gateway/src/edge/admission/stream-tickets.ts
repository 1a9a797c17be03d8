import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Identity } from '#identity/claims.js';
import { Clock } from '#kernel/clock.js';
import { SharedStore } from './shared-store.js';

/** A ticket appears in addresses, which proxies log: it must be worth nothing by the time that somebody reads them. */
const lifetime = Temporal.Duration.from({ seconds: 60 });
const ticketBytes = 32;

/** The form of every ticket. */
const ticketShape = z.string().regex(/^[\w-]{43}$/);

/** A ticket and the last moment at which a stream can be opened with it. */
export interface StreamTicket {
  readonly ticket: string;
  readonly expires_at: string;
}

interface StoredTicket {
  readonly order: string;
  readonly bearer: Omit<Identity, 'expiresAt' | 'verifiedEmail'> & { readonly expiresAt: string };
}

/**
 * Tickets for the live stream of one order. A browser's EventSource can send no token, so it sends a ticket in the
 * address. Redis has the hash of each ticket with its order and the bearer of the token that it was given for.
 */
@Injectable()
export class StreamTickets {
  constructor(
    private readonly store: SharedStore,
    private readonly clock: Clock,
  ) {}

  /** A new ticket for the stream of `orderId`. Streams end with the token of `bearer`, and so does the ticket. */
  async issue(orderId: string, { subject, role, person, expiresAt }: Identity): Promise<StreamTicket> {
    const now = this.clock.now();
    const [endsAt] = [now.add(lifetime), expiresAt].sort(Temporal.Instant.compare) as [Temporal.Instant];
    const ticket = randomBytes(ticketBytes).toString('base64url');
    const bearer = { subject, role, person, expiresAt: expiresAt.toString() };
    const stored: StoredTicket = { order: orderId, bearer };
    const forMs = Math.max(1, Math.ceil(now.until(endsAt).total('milliseconds')));
    await this.store.orUnavailable(this.store.redis.set(keyOf(ticket), JSON.stringify(stored), 'PX', forMs));
    return { ticket, expires_at: endsAt.toString() };
  }

  /** The bearer of a ticket for `orderId`; undefined when it is unknown, has expired or is for another order. */
  async bearerOf(ticket: unknown, orderId: string): Promise<Identity | undefined> {
    const given = ticketShape.safeParse(ticket);
    if (!given.success) return undefined;
    const text = await this.store.orUnavailable(this.store.redis.get(keyOf(given.data)));
    if (text === null) return undefined;
    const { order, bearer } = JSON.parse(text) as StoredTicket;
    if (order !== orderId.toLowerCase()) return undefined;
    return { ...bearer, verifiedEmail: null, expiresAt: Temporal.Instant.from(bearer.expiresAt) };
  }
}

const keyOf = (ticket: string) => `gateway:ticket:${hash('sha256', ticket, 'base64url')}`;
