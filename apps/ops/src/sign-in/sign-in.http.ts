import { Body, Controller, Get, Header, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { cookieValueMax } from '#http/browser/cookies.js';
import { ownPath } from '#http/browser/own-path.js';
import { Refusal } from '#kernel/refusal.js';
import { OperatorsOnly } from '../access/operators-only.js';
import { endedSessionCookie, sessionCookie } from '../access/session-cookie.js';
import { OpsSettings } from '../ops.config.js';
import { type Html, html } from '../pages/html.js';
import { layout } from '../pages/layout.js';
import { opsCss } from '../pages/ops.css.js';
import { sendPage } from '../pages/send-page.js';

const nextQuery = z.object({ next: ownPath });
const signInForm = z.object({ token: z.string().trim(), next: ownPath });

/** Sign-in for browsers: the operator pastes a token, and the browser stores it as a cookie. */
@Controller()
export class SignInController {
  constructor(
    private readonly access: OperatorsOnly,
    private readonly settings: OpsSettings,
  ) {}

  @Get('sign-in')
  show(@Query({ schema: nextQuery }) { next }: z.output<typeof nextQuery>, @Res() reply: FastifyReply) {
    sendPage(reply, signInPage(next));
  }

  @Post('sign-in')
  async signIn(@Body({ schema: signInForm }) { token, next }: z.output<typeof signInForm>, @Res() reply: FastifyReply) {
    try {
      if (token.length > cookieValueMax) throw new Refusal('UNAUTHENTICATED', 'The token is too long for a cookie.');
      await this.access.operator(token);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      sendPage(reply, signInPage(next, error.message), 401);
      return;
    }
    reply.header('set-cookie', sessionCookie(token, this.settings.production)).redirect(next, 303);
  }

  @Post('sign-out')
  signOut(@Res() reply: FastifyReply) {
    reply.header('set-cookie', endedSessionCookie(this.settings.production)).redirect('/sign-in', 303);
  }

  @Get('assets/ops.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'public, max-age=300')
  style(): string {
    return opsCss;
  }
}

function signInPage(next: string, fault?: string): Html {
  const body = html`<section>
${fault !== undefined && html`<p role="alert" class="bad">${fault}</p>`}
<p>This is for operators. Paste a token with the role <code>ops</code>; it stays in this browser until you sign out, close the browser, or it expires.</p>
<form class="act" method="post" action="/sign-in">
<input type="hidden" name="next" value="${next}">
<div class="field"><label for="token">Token</label><input id="token" name="token" type="password" required autocomplete="off" spellcheck="false" autofocus></div>
<button type="submit">Sign in</button></form>
</section>`;
  return layout({ title: 'Sign in', body });
}
