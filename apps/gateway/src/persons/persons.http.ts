import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { enrolmentsQuery } from '#contracts/http.js';
import { listEnrolments } from '#contracts/subscriptions/classes.js';
import {
  changePerson,
  getPerson,
  ownChangeBody,
  registerPerson,
  registerPersonBody,
} from '#contracts/subscriptions/persons.js';
import { id } from '#contracts/wire.js';
import { InvalidInput } from '#http/problem.js';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { assertOwner, Caller, type CallerIdentity, Command, created, visibleTo } from '../edge/admission/caller.js';
import { MemberPersons } from '../edge/admission/member-persons.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';
import { MemberEmails } from './member-emails.js';

@ApiTags('Persons')
@Controller('persons')
export class PersonsController {
  constructor(
    private readonly services: Services,
    private readonly members: MemberPersons,
    private readonly emails: MemberEmails,
  ) {}

  @Post()
  @Endpoint({
    summary: 'Register a person',
    requests: registerPerson,
    roles: ['member', 'admin'],
    key: 'optional',
    status: 201,
    location: '/api/persons/{person_id}',
    refusals: ['EMAIL_NOT_VERIFIED'],
  })
  async registerPerson(
    @Body({ schema: registerPersonBody }) body: z.output<typeof registerPersonBody>,
    @Caller() caller: CallerIdentity,
    @Command() command: RequestCommand,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = { ...body, ...this.idOfNewPerson(caller, body), ...this.emails.of(caller, body.email) };
    const person = await this.services.request(registerPerson, request, command);
    return created(reply, `/api/persons/${person.person_id}`, person);
  }

  @Get('me')
  @Endpoint({ summary: 'Get yourself', requests: getPerson, roles: ['member'] })
  getOwnPerson(@Caller() caller: CallerIdentity) {
    const personId = visibleTo(caller);
    assert(personId !== null, 'only members may call this');
    return this.services.request(getPerson, { person_id: personId });
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a person', requests: getPerson, roles: ['member', 'admin', 'ops'] })
  getPerson(@Param('id', { schema: id }) personId: string, @Caller() caller: CallerIdentity) {
    assertOwner(caller, personId);
    return this.services.request(getPerson, { person_id: personId });
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change your name or e-mail address',
    requests: changePerson,
    roles: ['member'],
    key: 'optional',
    refusals: ['EMAIL_NOT_VERIFIED'],
  })
  changeOwnPerson(
    @Param('id', { schema: id }) personId: string,
    @Body({ schema: ownChangeBody }) body: z.output<typeof ownChangeBody>,
    @Caller() caller: CallerIdentity,
    @Command() command: RequestCommand,
  ) {
    assertOwner(caller, personId);
    const email = body.email === undefined ? {} : this.emails.of(caller, body.email);
    const request = { ...body, ...email, person_id: personId, changed_by: caller.subject };
    return this.services.request(changePerson, request, command);
  }

  @Get(':id/enrolments')
  @Endpoint({ summary: 'List the enrolments of a person', requests: listEnrolments, roles: ['member', 'admin', 'ops'] })
  listEnrolments(
    @Param('id', { schema: id }) personId: string,
    @Query({ schema: enrolmentsQuery }) paging: z.output<typeof enrolmentsQuery>,
    @Caller() caller: CallerIdentity,
  ) {
    assertOwner(caller, personId);
    return this.services.request(listEnrolments, { person_id: personId, ...paging });
  }

  /**
   * An admin registers any person, and may name the member that the person is. A member registers only themselves,
   * under the id and the subject of their token.
   */
  private idOfNewPerson({ role, person, personId }: CallerIdentity, body: z.output<typeof registerPersonBody>) {
    const { subject, person_id: chosen } = body;
    if (role !== 'member') {
      if (subject === undefined) return {};
      const registration = { subject: undefined, ...this.members.registrationOf(subject) };
      if ('person_id' in registration && chosen !== undefined && chosen !== registration.person_id) {
        const message = 'The subject is the id of another person.';
        throw new InvalidInput([{ field: 'person_id', code: 'NOT_ALLOWED', message }]);
      }
      return registration;
    }
    assert(person !== null && personId !== null, 'a member has a person');
    if (chosen !== undefined && chosen !== personId) throw onlyThemselves('person_id');
    if (subject !== undefined && subject !== person) throw onlyThemselves('subject');
    return { subject: undefined, ...this.members.registrationOf(person), person_id: personId };
  }
}

function onlyThemselves(field: string): Refusal {
  return new Refusal('FORBIDDEN', 'A member can register only themselves.', { field });
}
