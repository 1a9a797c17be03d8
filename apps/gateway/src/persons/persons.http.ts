import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { pageQuery } from '#contracts/http.js';
import { listEnrolments } from '#contracts/subscriptions/classes.js';
import { getPerson, registerPerson, registerPersonBody } from '#contracts/subscriptions/persons.js';
import { id } from '#contracts/wire.js';
import type { Identity } from '#identity/verify-token.js';
import { Refusal } from '#kernel/refusal.js';
import { assertOwner, Caller, Command, created } from '../edge/admission/caller.js';
import type { RequestCommand } from '../edge/admission/idempotency.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Persons')
@Controller('persons')
export class PersonsController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Register a person',
    requests: registerPerson,
    roles: ['member', 'admin'],
    key: 'optional',
    status: 201,
    location: '/api/persons/{person_id}',
  })
  async registerPerson(
    @Body({ schema: registerPersonBody }) body: z.output<typeof registerPersonBody>,
    @Caller() caller: Identity,
    @Command() command: RequestCommand,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = { ...body, person_id: idOfNewPerson(caller, body.person_id) };
    const person = await this.services.request(registerPerson, request, command);
    return created(reply, `/api/persons/${person.person_id}`, person);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a person', requests: getPerson, roles: ['member', 'admin', 'ops'] })
  getPerson(@Param('id', { schema: id }) personId: string, @Caller() caller: Identity) {
    assertOwner(caller, personId);
    return this.services.request(getPerson, { person_id: personId });
  }

  @Get(':id/enrolments')
  @Endpoint({ summary: 'List the enrolments of a person', requests: listEnrolments, roles: ['member', 'admin', 'ops'] })
  listEnrolments(
    @Param('id', { schema: id }) personId: string,
    @Query({ schema: pageQuery }) paging: z.output<typeof pageQuery>,
    @Caller() caller: Identity,
  ) {
    assertOwner(caller, personId);
    return this.services.request(listEnrolments, { person_id: personId, ...paging });
  }
}

/** An admin registers any person; a member only themselves, under the id in their token. */
function idOfNewPerson({ role, subject }: Identity, given: string | undefined): string | undefined {
  if (role !== 'member') return given;
  if (given !== undefined && given !== subject) {
    throw new Refusal('FORBIDDEN', 'A member can register only themselves.', { field: 'person_id' });
  }
  return subject;
}
