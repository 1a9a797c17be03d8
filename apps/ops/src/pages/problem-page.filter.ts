import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from '#http/problem.js';
import { operatorOf } from '../access/operator.js';
import { opsProblems } from '../ops.problems.js';
import { html } from './html.js';
import { layout } from './layout.js';
import { sendPage } from './send-page.js';

/** Shows a problem as a page, with the same title and code as the problem document. */
@Catch()
export class ProblemPageFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemPageFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const answer = problemOf(error, opsProblems);
    if (answer.status >= 500) this.logger.warn({ err: error }, 'a page could not be made');
    const body = html`<div class="card error" role="alert"><p>${answer.detail}</p>
<p class="soft">${answer.code}${answer.trace_id && html` · trace <code>${answer.trace_id}</code>`}</p></div>
<p><a href="/">Back to the overview</a></p>`;
    const http = host.switchToHttp();
    const operator = operatorOf(http.getRequest<FastifyRequest>());
    sendPage(http.getResponse<FastifyReply>(), layout({ title: answer.title, body, operator }), answer.status);
  }
}
