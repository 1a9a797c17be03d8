import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { personsQuery } from '#contracts/http.js';
import { changePerson, personChangeBody, searchPersons } from '#contracts/subscriptions/persons.js';
import { id } from '#contracts/wire.js';
import { Caller, type CallerIdentity, Command } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Admin: persons')
@Controller('admin/persons')
export class PersonsAdminController {
  constructor(private readonly services: Services) {}

  @Get()
  @Endpoint({ summary: 'Find persons', requests: searchPersons, roles: ['admin', 'ops'] })
  searchPersons(@Query({ schema: personsQuery }) query: z.output<typeof personsQuery>) {
    return this.services.request(searchPersons, query);
  }

  @Patch(':id')
  @Endpoint({ summary: 'Correct a person', requests: changePerson, roles: ['admin'], key: 'optional' })
  changePerson(
    @Param('id', { schema: id }) personId: string,
    @Body({ schema: personChangeBody }) body: z.output<typeof personChangeBody>,
    @Caller() { subject }: CallerIdentity,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(changePerson, { ...body, person_id: personId, changed_by: subject }, command);
  }
}
