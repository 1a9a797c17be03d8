import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { parameterTypesQuery } from '#contracts/http.js';
import { listParameterTypes, parameterTypeBody, saveParameterType } from '#contracts/subscriptions/rules.js';
import { Command } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Admin: rules')
@Controller('admin/parameter-types')
export class ParameterTypesController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Save a parameter type',
    requests: saveParameterType,
    roles: ['admin'],
    key: 'optional',
    status: 201,
  })
  saveParameterType(
    @Body({ schema: parameterTypeBody }) body: z.output<typeof parameterTypeBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(saveParameterType, body, command);
  }

  @Get()
  @Endpoint({ summary: 'List parameter types', requests: listParameterTypes, roles: ['admin', 'ops'] })
  listParameterTypes(@Query({ schema: parameterTypesQuery }) paging: z.output<typeof parameterTypesQuery>) {
    return this.services.request(listParameterTypes, paging);
  }
}
