import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ruleQuery, rulesQuery } from '#contracts/http.js';
import { previewRule, rulePreviewBody } from '#contracts/subscriptions/rule-previews.js';
import {
  getRule,
  listRules,
  publishRule,
  reinstateRule,
  retireRule,
  ruleBody,
} from '#contracts/subscriptions/rules.js';
import { id } from '#contracts/wire.js';
import { Command, created } from '../edge/admission/caller.js';
import { Endpoint } from '../edge/endpoint/endpoint.js';
import type { RequestCommand } from '../edge/services/request-command.js';
import { Services } from '../edge/services/services.js';

@ApiTags('Admin: rules')
@Controller('admin/subscription-rules')
export class SubscriptionRulesController {
  constructor(private readonly services: Services) {}

  @Post()
  @Endpoint({
    summary: 'Publish a rule',
    requests: publishRule,
    roles: ['admin'],
    key: 'optional',
    status: 201,
    location: '/api/admin/subscription-rules/{rule_id}?version={version}',
  })
  publishRule(
    @Body({ schema: ruleBody }) body: z.output<typeof ruleBody>,
    @Command() command: RequestCommand,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.publish(body, command, reply);
  }

  @Post('preview')
  @Endpoint({
    summary: 'Try a rule and its examples, without saving',
    requests: previewRule,
    roles: ['admin', 'ops'],
    posted: true,
  })
  previewRule(@Body({ schema: rulePreviewBody }) body: z.output<typeof rulePreviewBody>) {
    return this.services.request(previewRule, body);
  }

  @Post(':id/versions')
  @Endpoint({
    summary: 'Publish the next version of a rule',
    requests: publishRule,
    roles: ['admin'],
    key: 'optional',
    status: 201,
    location: '/api/admin/subscription-rules/{rule_id}?version={version}',
  })
  publishRuleVersion(
    @Param('id', { schema: id }) ruleId: string,
    @Body({ schema: ruleBody }) body: z.output<typeof ruleBody>,
    @Command() command: RequestCommand,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.publish({ ...body, rule_id: ruleId }, command, reply);
  }

  @Get()
  @Endpoint({ summary: 'List rules', requests: listRules, roles: ['admin', 'ops'] })
  listRules(@Query({ schema: rulesQuery }) paging: z.output<typeof rulesQuery>) {
    return this.services.request(listRules, paging);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a rule, in its newest or a given version', requests: getRule, roles: ['admin', 'ops'] })
  getRule(
    @Param('id', { schema: id }) ruleId: string,
    @Query({ schema: ruleQuery }) { version }: z.output<typeof ruleQuery>,
  ) {
    return this.services.request(getRule, { rule_id: ruleId, version });
  }

  @Post(':id/retire')
  @Endpoint({ summary: 'Retire a rule', requests: retireRule, roles: ['admin'], key: 'optional' })
  retireRule(@Param('id', { schema: id }) ruleId: string, @Command() command: RequestCommand) {
    return this.services.request(retireRule, { rule_id: ruleId }, command);
  }

  @Post(':id/reinstate')
  @Endpoint({
    summary: 'Take the retirement of a rule back',
    requests: reinstateRule,
    roles: ['admin'],
    key: 'optional',
  })
  reinstateRule(@Param('id', { schema: id }) ruleId: string, @Command() command: RequestCommand) {
    return this.services.request(reinstateRule, { rule_id: ruleId }, command);
  }

  private async publish(request: z.output<typeof publishRule.request>, command: RequestCommand, reply: FastifyReply) {
    const rule = await this.services.request(publishRule, request, command);
    return created(reply, `/api/admin/subscription-rules/${rule.rule_id}?version=${rule.version}`, rule);
  }
}
