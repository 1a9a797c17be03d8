import { Injectable } from '@nestjs/common';
import { BrokerUnavailable } from '../faults.js';
import { MessagingOptions } from '../messaging.options.js';
import { BrokerConnection } from './connection.js';

/**
 * The two connections of a service. During a memory or disk alarm the broker stops reading from connections that
 * publish, and acknowledgements must not wait behind a publication.
 */
@Injectable()
export class Broker {
  readonly publishing: BrokerConnection;
  readonly consuming: BrokerConnection;

  constructor({ amqpUrl, service }: MessagingOptions) {
    this.publishing = new BrokerConnection(amqpUrl, `${service} publishes`);
    this.consuming = new BrokerConnection(amqpUrl, `${service} consumes`);
  }

  /** Whether both connections are up. */
  get connected(): boolean {
    return this.publishing.connected && this.consuming.connected;
  }

  /** For the health indicator. @throws BrokerUnavailable */
  async ping(): Promise<void> {
    if (!this.connected) throw new BrokerUnavailable('no connection to the broker');
  }

  /** Begins to connect, and returns whether or not the broker is there. */
  async open(): Promise<void> {
    await Promise.all([this.publishing.open(), this.consuming.open()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.publishing.close(), this.consuming.close()]);
  }
}
