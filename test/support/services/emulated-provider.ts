import { type ProviderEmulator, startProviderEmulator } from '../../../tools/provider-emulator/emulator.ts';
import { eventually } from '../eventually.js';

/** A key as Stripe's test mode has them; the emulator takes no other. */
export const emulatedKey = 'sk_test_of_the_emulator';

export interface EmulatedPayment {
  readonly id: string;
  readonly amount: number;
  readonly status: string;
}

/** What the emulator has of a payment page. */
export interface EmulatedSession {
  readonly session: {
    readonly id: string;
    readonly status: string;
    readonly title: string;
    readonly amount: number;
    readonly currency: string;
    readonly metadata: Record<string, string>;
    readonly successUrl: string;
    readonly expiresAt: number;
  };
  readonly payments: readonly EmulatedPayment[];
  readonly notices: readonly { readonly id: string; readonly type: string; readonly state: string }[];
}

/** The provider emulator in this process, and its JSON API: what payers, their banks and the merchant do. */
export class EmulatedProvider {
  private constructor(private readonly emulator: ProviderEmulator) {}

  /** One that runs elsewhere, as a process of a stack. */
  static at(url: string): EmulatedProvider {
    return new EmulatedProvider({ url, close: async () => {} });
  }

  /** @param webhooksUrl where the payment service listens, once it does */
  static async start(secret: string, webhooksUrl: () => string, apiKey = emulatedKey): Promise<EmulatedProvider> {
    return new EmulatedProvider(
      await startProviderEmulator({ port: 0, apiKey, webhooksUrl, webhookSecret: secret, retryPausesMs: [200, 500] }),
    );
  }

  get url(): string {
    return this.emulator.url;
  }

  close(): Promise<void> {
    return this.emulator.close();
  }

  /** The page at this address: the session, its payments and their notifications. */
  page(pageUrl: string): Promise<EmulatedSession> {
    return this.get(`/sessions/${idOf(pageUrl)}`);
  }

  /** Something that a payer does on the page at this address. */
  async act(pageUrl: string, act: string, given: object = {}): Promise<readonly EmulatedPayment[]> {
    return (await this.post<{ payments: readonly EmulatedPayment[] }>(`/sessions/${idOf(pageUrl)}/${act}`, given))
      .payments;
  }

  /** Something that becomes of a payment. */
  async become(payment: EmulatedPayment | undefined, act: string, given: object = {}): Promise<void> {
    await this.post(`/payments/${payment?.id}/${act}`, given);
  }

  /** Posts a notification once more. */
  async resend(noticeId: string): Promise<void> {
    await this.post(`/notices/${noticeId}/send`, {});
  }

  /** Waits until each notification of a page was answered 2xx. */
  delivered(pageUrl: string): Promise<EmulatedSession> {
    return eventually(async () => {
      const page = await this.page(pageUrl);
      const others = page.notices.filter(({ state }) => state !== 'delivered');
      if (others.length > 0) throw new Error(`not delivered: ${JSON.stringify(others)}`);
      return page;
    });
  }

  private async get<Answer>(path: string): Promise<Answer> {
    return (await fetch(`${this.url}/emulator${path}`)).json() as Promise<Answer>;
  }

  private async post<Answer>(path: string, body: object): Promise<Answer> {
    const answer = await fetch(`${this.url}/emulator${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json() as Promise<Answer>;
  }
}

const idOf = (pageUrl: string) => new URL(pageUrl).pathname.split('/').at(-1);
