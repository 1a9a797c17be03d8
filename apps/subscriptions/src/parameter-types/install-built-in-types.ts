import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { builtInTypes } from './domain/built-in-types.js';
import { ParameterTypesStore } from './parameter-types.store.js';

/**
 * Adds the parameter types that every installation has, when an instance starts. A type of the same name stays as it
 * is: the rules of a user rely on it.
 */
@Injectable()
export class InstallBuiltInTypes implements OnModuleInit {
  constructor(
    private readonly transactions: Transactions,
    private readonly types: ParameterTypesStore,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const savedAt = this.clock.now();
    await this.transactions.run((tx) =>
      this.types.addMissing(
        tx,
        builtInTypes.map((type) => ({ ...type, version: 1, savedAt, changedAt: null })),
      ),
    );
  }
}
