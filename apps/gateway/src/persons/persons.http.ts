import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { listEnrolments } from '#contracts/classes.js';
import { pageQuery } from '#contracts/http.js';
import { getPerson, registerPerson, registerPersonBody } from '#contracts/persons.js';
import { id } from '#contracts/wire.js';
import type { Identity } from '#identity/verify-token.js';
import { Refusal } from '#kernel/refusal.js';
import { Caller, CommandId, created, mustSee } from '../edge/caller.js';
import { Endpoint } from '../edge/endpoint.js';
import { Services } from '../edge/services.js';

@ApiTags('Persons')
@Controller('persons')
export class PersonsController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Register a person',
    sends: registerPerson,
    roles: ['member', 'admin'],
    key: 'optional',
    status: 201,
    location: '/api/persons/{person_id}',
  })
  async registerPerson(
    @Body({ schema: registerPersonBody }) body: z.output<typeof registerPersonBody>,
    @Caller() caller: Identity,
    @CommandId() commandId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = { ...body, person_id: idOfNewPerson(caller, body.person_id) };
    const person = await this.services.request(registerPerson, request, commandId);
    return created(reply, `/api/persons/${person.person_id}`, person);
  }

  @Get(':id')
  @Endpoint({ summary: 'A person', sends: getPerson, roles: ['member', 'admin', 'ops'] })
  getPerson(@Param('id', { schema: id }) personId: string, @Caller() caller: Identity) {
    mustSee(caller, personId);
    return this.services.request(getPerson, { person_id: personId });
  }

  @Get(':id/enrolments')
  @Endpoint({ summary: 'The classes that a person is in', sends: listEnrolments, roles: ['member', 'admin', 'ops'] })
  listEnrolments(
    @Param('id', { schema: id }) personId: string,
    @Query({ schema: pageQuery }) paging: z.output<typeof pageQuery>,
    @Caller() caller: Identity,
  ) {
    mustSee(caller, personId);
    return this.services.request(listEnrolments, { person_id: personId, ...paging });
  }
}

/** An admin registers anybody; a member only themselves, under the id that their token carries. */
function idOfNewPerson({ role, subject }: Identity, given: string | undefined): string | undefined {
  if (role !== 'member') return given;
  if (given !== undefined && given !== subject) {
    throw new Refusal('FORBIDDEN', 'A member can register nobody but themselves.', { field: 'person_id' });
  }
  return subject;
}
