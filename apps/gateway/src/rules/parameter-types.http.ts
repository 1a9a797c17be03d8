import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { parameterTypesQuery } from '#contracts/http.js';
import {
  changeParameterType,
  checkParameterType,
  getParameterType,
  listParameterTypes,
  parameterTypeBody,
  parameterTypeChangeBody,
  parameterTypeCheckBody,
  parameterTypeName,
  saveParameterType,
} from '#contracts/subscriptions/parameter-types.js';
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

  @Post('check')
  @Endpoint({
    summary: 'Check a schema and a value, without saving',
    requests: checkParameterType,
    roles: ['admin', 'ops'],
    posted: true,
  })
  checkParameterType(@Body({ schema: parameterTypeCheckBody }) body: z.output<typeof parameterTypeCheckBody>) {
    return this.services.request(checkParameterType, body);
  }

  @Get(':name')
  @Endpoint({ summary: 'Get a parameter type', requests: getParameterType, roles: ['admin', 'ops'] })
  getParameterType(@Param('name', { schema: parameterTypeName }) name: string) {
    return this.services.request(getParameterType, { name });
  }

  @Patch(':name')
  @Endpoint({
    summary: 'Change the presentation of a parameter type',
    requests: changeParameterType,
    roles: ['admin'],
    key: 'optional',
  })
  changeParameterType(
    @Param('name', { schema: parameterTypeName }) name: string,
    @Body({ schema: parameterTypeChangeBody }) body: z.output<typeof parameterTypeChangeBody>,
    @Command() command: RequestCommand,
  ) {
    return this.services.request(changeParameterType, { ...body, name }, command);
  }
}
