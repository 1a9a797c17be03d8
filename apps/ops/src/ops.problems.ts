import type { ProblemTable } from '#http/problem.js';
import { IssuerUnavailable } from '#identity/verify-token.js';
import { JobsUnavailable } from '#jobs/jobs.js';
import { BrokerUnavailable } from '#messaging/faults.js';
import { databaseFault } from '#persistence/faults.js';

export const opsProblems: ProblemTable = {
  statuses: {
    UNAUTHENTICATED: 401,
    FORBIDDEN: 403,
    CROSS_SITE: 403,
    PARKED_MESSAGE_NOT_FOUND: 404,
    NO_SUBSCRIBERS: 409,
    JOB_NOT_FOUND: 404,
    JOB_NOT_FAILED: 409,
    JOB_NOT_DELAYED: 409,
  },
  isUnavailable: (error) =>
    error instanceof IssuerUnavailable ||
    error instanceof BrokerUnavailable ||
    error instanceof JobsUnavailable ||
    databaseFault(error) !== 'other',
};
