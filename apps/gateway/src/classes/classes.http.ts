import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { pageQuery } from '#contracts/http.js';
import { getClass, listClasses, quoteClass } from '#contracts/subscriptions/classes.js';
import { id } from '#contracts/wire.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Classes')
@Controller('classes')
export class ClassesController {
  constructor(private readonly services: Services) {}

  @Get()
  @Endpoint({ summary: 'List classes', requests: listClasses, roles: ['member', 'publisher', 'admin', 'ops'] })
  listClasses(@Query({ schema: pageQuery }) paging: z.output<typeof pageQuery>) {
    return this.services.request(listClasses, paging);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a class', requests: getClass, roles: ['member', 'publisher', 'admin', 'ops'] })
  getClass(@Param('id', { schema: id }) classId: string) {
    return this.services.request(getClass, { class_id: classId });
  }

  @Post(':id/quote')
  @Endpoint({
    summary: 'Quote the price of a class',
    requests: quoteClass,
    roles: ['member', 'publisher', 'admin', 'ops'],
    posted: true,
  })
  quoteClass(@Param('id', { schema: id }) classId: string) {
    return this.services.request(quoteClass, { class_id: classId });
  }
}
