import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { z } from 'zod';
import { isStaffOnly } from '#contracts/wire.js';

/** The members of an answer that only admins and operators see: a name alone, or with those inside of it. */
type StaffMembers = ReadonlyMap<string, StaffMembers | null>;
type StaffMember = readonly [name: string, inside: StaffMembers | null];

const staff: ReadonlySet<string | undefined> = new Set(['admin', 'ops']);

/** Removes the members of an answer that its contract shows to admins and operators alone, for every other caller. */
export class HideStaffMembers implements NestInterceptor {
  private constructor(private readonly members: StaffMembers) {}

  /** Undefined for an answer without such members. */
  static in(answer: z.ZodType | undefined): HideStaffMembers | undefined {
    const members = answer && staffMembersOf(answer);
    return members && members.size > 0 ? new HideStaffMembers(members) : undefined;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
    if (staff.has(caller?.role)) return next.handle();
    return next.handle().pipe(map((answer) => without(answer, this.members)));
  }
}

function staffMembersOf(schema: z.ZodType): StaffMembers {
  if (schema instanceof z.ZodObject) {
    const found = Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, member]): StaffMember[] => {
      if (isStaffOnly(member)) return [[name, null]];
      const inside = staffMembersOf(member);
      return inside.size > 0 ? [[name, inside]] : [];
    });
    return new Map(found);
  }
  if (schema instanceof z.ZodArray) return staffMembersOf(schema.element as z.ZodType);
  if (schema instanceof z.ZodUnion) {
    return new Map(schema.options.flatMap((option): StaffMember[] => [...staffMembersOf(option as z.ZodType)]));
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return staffMembersOf(schema.unwrap() as z.ZodType);
  }
  return new Map();
}

function without(value: unknown, members: StaffMembers): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, members));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const inside = members.get(name);
      if (inside === null) return [];
      return [[name, inside === undefined ? member : without(member, inside)]];
    }),
  );
}
