import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';

/** A check that takes longer fails, before readiness stops waiting for it. */
const timeoutMs = 1_400;

/**
 * Checks whether the database answers, on a connection of its own: a probe never waits for the connections of the use
 * cases, and never takes one from them. `check` is called by one caller at a time.
 */
@Injectable()
export class DatabaseProbe implements OnApplicationShutdown {
  private client: Client | undefined;

  constructor(private readonly url: string) {}

  /** Connects at the first call, and again after a failure. @throws the error of the driver */
  async check(): Promise<void> {
    const client = this.client ?? (await this.connect());
    try {
      await client.query('select 1');
    } catch (error) {
      this.drop(client);
      throw error;
    }
  }

  onApplicationShutdown(): void {
    if (this.client) this.drop(this.client);
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'readiness',
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      statement_timeout: timeoutMs,
      keepAlive: true,
    });
    client.on('error', () => this.drop(client));
    try {
      await client.connect();
    } catch (error) {
      this.drop(client);
      throw error;
    }
    this.client = client;
    return client;
  }

  /** The connection is broken or of no more use: nothing waits for its end. */
  private drop(client: Client): void {
    if (this.client === client) this.client = undefined;
    client.end().catch(() => {});
  }
}
