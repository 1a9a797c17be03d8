import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { builtInTypes } from './domain/built-in-types.js';
import { ParameterTypesStore } from './parameter-types.store.js';

const againAfterMs = 2_000;

/**
 * Adds the parameter types that every installation has, when an instance starts. A type of the same name stays as it
 * is: the rules of a user rely on it. A service starts without its database too; then the types follow.
 */
@Injectable()
export class InstallBuiltInTypes implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(InstallBuiltInTypes.name);
  #again: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly types: ParameterTypesStore,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    try {
      await this.execute();
    } catch (error) {
      if (this.#isOver) return;
      this.#logger.warn(`the built-in parameter types are not added yet: ${(error as Error).message}`);
      this.#again = setTimeout(() => void this.onModuleInit(), againAfterMs).unref();
    }
  }

  onModuleDestroy(): void {
    this.#isOver = true;
    clearTimeout(this.#again);
  }

  /** Adds those that are missing. */
  async execute(): Promise<void> {
    const savedAt = this.clock.now();
    await this.transactions.run((tx) =>
      this.types.addMissing(
        tx,
        builtInTypes.map((type) => ({ ...type, version: 1, savedAt, changedAt: null })),
      ),
    );
  }
}
