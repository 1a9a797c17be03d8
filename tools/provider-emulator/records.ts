import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A Checkout Session: what somebody is asked to pay, and whether it was paid. Amounts are Stripe’s. */
export interface Session {
  readonly id: string;
  readonly title: string;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly paymentMetadata: Readonly<Record<string, string>>;
  readonly clientReference: string | null;
  readonly successUrl: string;
  readonly cancelUrl: string | null;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
  status: 'open' | 'complete' | 'expired';
  paymentId: string | null;
}

/** A payment intent with its charge. */
export interface Payment {
  readonly id: string;
  readonly chargeId: string;
  readonly sessionId: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** Processing: the person has paid, and the money has not arrived. */
  status: 'processing' | 'succeeded';
  readonly refunds: Refund[];
  dispute: Dispute | null;
}

export interface Refund {
  readonly id: string;
  readonly amount: number;
  readonly createdAt: number;
  status: 'succeeded' | 'failed';
}

export interface Dispute {
  readonly id: string;
  readonly amount: number;
  readonly createdAt: number;
  status: 'needs_response' | 'won' | 'lost';
}

/** A notification, and what each attempt to deliver it was answered. */
export interface Notice {
  readonly id: string;
  readonly type: string;
  readonly about: string;
  readonly createdAt: number;
  /** The bytes as they are signed and sent. */
  readonly body: string;
  readonly attempts: { readonly at: string; readonly answer: string }[];
  state: 'waiting' | 'delivered' | 'given up';
}

/** An answer that a repeat of its Idempotency-Key gets again. */
export interface KeptAnswer {
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
}

interface Kept {
  readonly sessions: Session[];
  readonly payments: Payment[];
  readonly notices: Notice[];
  readonly answers: [string, KeptAnswer][];
}

/** How many notifications are kept to be looked at. */
const noticesMax = 500;

/** All that the provider knows. With a file it outlives a restart, as the data of the system does. */
export class Records {
  readonly sessions = new Map<string, Session>();
  readonly payments = new Map<string, Payment>();
  readonly notices = new Map<string, Notice>();
  readonly answers = new Map<string, KeptAnswer>();
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
    if (!file || !existsSync(file)) return;
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    for (const session of kept.sessions) this.sessions.set(session.id, session);
    for (const payment of kept.payments) this.payments.set(payment.id, payment);
    for (const notice of kept.notices) this.notices.set(notice.id, notice);
    for (const [key, answer] of kept.answers) this.answers.set(key, answer);
  }

  /** The session, which is expired once its time is over. */
  session(id: string): Session | undefined {
    const session = this.sessions.get(id);
    if (session?.status === 'open' && session.expiresAt <= unixSeconds()) session.status = 'expired';
    return session;
  }

  paymentsOf(sessionId: string): Payment[] {
    return [...this.payments.values()].filter((payment) => payment.sessionId === sessionId);
  }

  noticesAbout(ids: ReadonlySet<string>): Notice[] {
    return [...this.notices.values()].filter(({ about }) => ids.has(about));
  }

  /** Writes what has changed. */
  save(): void {
    for (const id of [...this.notices.keys()].slice(0, Math.max(0, this.notices.size - noticesMax)))
      this.notices.delete(id);
    if (!this.#file) return;
    const kept: Kept = {
      sessions: [...this.sessions.values()],
      payments: [...this.payments.values()],
      notices: [...this.notices.values()],
      answers: [...this.answers],
    };
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify(kept), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** An id as Stripe's look: what it is of, and random letters. */
export function newStripeId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

export function unixSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
