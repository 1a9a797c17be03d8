import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import type { getConversion } from '#contracts/promotions/conversions.js';
import { Refusal } from '#kernel/refusal.js';
import { ConversionsStore } from './conversions.store.js';
import { keyOf } from './domain/conversion.js';

/** Reads one conversion with its redemptions, its refusals and its reversal. */
@Injectable()
export class ReadConversion {
  constructor(private readonly conversions: ConversionsStore) {}

  /** @throws Refusal CONVERSION_NOT_FOUND */
  async execute(id: string, sender: string | null = null): Promise<ResponseOf<typeof getConversion>> {
    const name = { id, sender };
    const conversion = (await this.conversions.find([name])).get(keyOf(name));
    if (!conversion) throw new Refusal('CONVERSION_NOT_FOUND', 'There is no such conversion.');
    return {
      conversion_id: conversion.id,
      person_id: conversion.personId,
      offer_id: conversion.offerId,
      payout_minor: conversion.payoutMinor,
      currency: conversion.currency,
      occurred_at: conversion.occurredAt.toString(),
      sender: conversion.sender,
      order_id: conversion.orderId,
      ...conversion.earnings,
      recorded_at: conversion.recordedAt.toString(),
      reversed_at: conversion.reversedAt?.toString() ?? null,
      reverse_reason: conversion.reverseReason,
    };
  }
}
