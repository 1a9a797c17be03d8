import type { ProblemTable } from '#http/problem.js';
import { IssuerUnavailable } from '#identity/verify-token.js';
import { ProviderUnavailable } from './provider/openid-provider.js';
import { GatewayUnavailable } from './sign-in/member-persons.js';

export const consoleProblems: ProblemTable = {
  statuses: {
    UNAUTHENTICATED: 401,
    SESSION_INVALID: 401,
    SESSION_ENDED: 401,
    CROSS_SITE: 403,
    SIGN_IN_DENIED: 403,
    NO_ACCESS: 403,
    SIGN_IN_BROKEN: 400,
    NOT_FOUND: 404,
    METHOD_NOT_ALLOWED: 405,
    GATEWAY_UNAVAILABLE: 503,
    GATEWAY_NO_ANSWER: 504,
  },
  isUnavailable: (error) =>
    error instanceof ProviderUnavailable || error instanceof IssuerUnavailable || error instanceof GatewayUnavailable,
};
