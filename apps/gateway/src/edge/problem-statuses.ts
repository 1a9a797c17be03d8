/** What each code means, once, and which HTTP status it has. The API documents and the problem filter read it. */
export interface ProblemKind {
  readonly status: number;
  readonly means: string;
}

const kinds = {
  // The request itself
  MALFORMED_REQUEST: { status: 400, means: 'The body is not JSON, or the address is not well-formed.' },
  INVALID_INPUT: {
    status: 400,
    means: 'Members are missing, unknown, of a wrong type or out of bounds; `errors` names them.',
  },
  REQUEST_MALFORMED: { status: 400, means: 'The service did not understand the request.' },
  IDEMPOTENCY_KEY_REQUIRED: { status: 400, means: 'This request moves money: it must carry an Idempotency-Key.' },
  IDEMPOTENCY_KEY_INVALID: { status: 400, means: 'An Idempotency-Key has 1 to 255 visible ASCII characters.' },
  UNAUTHENTICATED: {
    status: 401,
    means: 'There is no bearer token, or it is malformed, forged, expired or from another issuer.',
  },
  SIGNATURE_INVALID: {
    status: 401,
    means: 'The signature does not match this body, or its timestamp is more than 5 minutes off.',
  },
  FORBIDDEN: { status: 403, means: 'The caller’s role does not allow this.' },
  NOT_FOUND: { status: 404, means: 'There is nothing at this address.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    means: 'The address exists, but not for this method; `Allow` lists those that do.',
  },
  IDEMPOTENCY_KEY_IN_USE: { status: 409, means: 'A request with this Idempotency-Key is still running.' },
  BODY_TOO_LARGE: { status: 413, means: 'The body is larger than this endpoint takes.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, means: 'The body is not of the type that this endpoint takes.' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, means: 'This Idempotency-Key was used before with another request.' },
  RATE_LIMITED: { status: 429, means: 'Too many requests; `Retry-After` says when to come back.' },
  TOO_MANY_STREAMS: { status: 429, means: 'This caller already follows as many orders as one may.' },
  SERVICE_UNAVAILABLE: { status: 503, means: 'Something that is needed is away; the same request may be sent again.' },

  // Persons
  PERSON_NOT_FOUND: { status: 404, means: 'There is no such person, or it is not the caller’s to see.' },
  PERSON_EXISTS: { status: 409, means: 'This person is registered already.' },
  USERNAME_TAKEN: { status: 409, means: 'Somebody has this username.' },
  EMAIL_TAKEN: { status: 409, means: 'Somebody has this e-mail address.' },

  // Rules and parameter types
  PARAMETER_TYPE_EXISTS: { status: 409, means: 'A parameter type has this name.' },
  SCHEMA_INVALID: { status: 422, means: 'This is not a JSON Schema.' },
  RULE_NOT_FOUND: { status: 404, means: 'There is no such rule, or no such version of it.' },
  METHOD_UNKNOWN: { status: 422, means: 'No method has this name.' },
  PARAMETER_TYPE_UNKNOWN: { status: 422, means: 'No parameter type has this name.' },
  PARAMETER_TEMPLATE_INVALID: { status: 422, means: 'The template does not fit the method.' },
  EXAMPLE_FAILED: { status: 422, means: 'A golden example comes out otherwise than expected.' },

  // Classes
  CLASS_NOT_FOUND: { status: 404, means: 'There is no such class.' },
  PARAMETER_INVALID: { status: 422, means: 'A parameter’s value does not fit its type.' },
  PARAMETER_MISSING: { status: 422, means: 'The rule requires a parameter that is not given.' },
  PARAMETER_UNKNOWN: { status: 422, means: 'The rule has no such parameter.' },
  TIME_ZONE_UNKNOWN: { status: 422, means: 'This is not an IANA time zone name.' },
  CURRENCY_UNKNOWN: { status: 422, means: 'This is not a currency of ISO 4217.' },
  DATES_REVERSED: { status: 422, means: 'The end lies before the start.' },
  CAPACITY_BELOW_SEATS_TAKEN: { status: 409, means: 'More seats are taken than the class would have.' },

  // Orders
  ORDER_NOT_FOUND: { status: 404, means: 'There is no such order, or it is not the caller’s to see.' },
  ORDER_ALREADY_OPEN: { status: 409, means: 'The person has an open order for this class.' },
  ORDER_NOT_CANCELLABLE: { status: 409, means: 'The order is closed or expired.' },
  ORDER_NOT_CONFIRMED: { status: 409, means: 'Only a confirmed order can be approved.' },
  CLASS_FULL: { status: 409, means: 'All seats are taken.' },
  CLASS_ENDED: { status: 409, means: 'The class is over.' },
  CURRENCY_MISMATCH: { status: 422, means: 'The class, or the offer, is in another currency.' },
  NOTHING_TO_DISCOUNT: { status: 422, means: 'The class costs nothing; no promo code makes it cheaper.' },
  PRICE_CHANGED: { status: 409, means: 'The price of the class changed while it was being ordered.' },

  // Offers and conversions
  OFFER_NOT_FOUND: { status: 404, means: 'There is no such offer, or there was none when it happened.' },
  OFFER_EXISTS: { status: 409, means: 'There is, or was, an offer with this id.' },
  OFFER_IS_CLASS: { status: 409, means: 'The offer is a class, and changes with it.' },
  CONVERSION_NOT_FOUND: { status: 404, means: 'There is no such conversion.' },
  CONVERSION_REUSED: { status: 422, means: 'The conversion id was used before, for another conversion.' },
  CONVERSION_ALREADY_REVERSED: { status: 409, means: 'The conversion was taken back before, for another reason.' },

  // Payments
  PAYMENT_NOT_FOUND: { status: 404, means: 'There is no such payment.' },
  PAYMENT_ALREADY_MATCHED: { status: 409, means: 'The payment stands on a person’s account already.' },
  PAYMENT_REFERENCE_REUSED: { status: 409, means: 'The reference stands for another payment.' },
  NOTIFICATION_NOT_FOUND: { status: 404, means: 'No notification with this id is quarantined.' },
  PAYEE_MISSING: { status: 422, means: 'A payment names a person or an order.' },

  // Numbers of promo codes
  OUT_OF_RANGE: { status: 422, means: 'A number of the query lies outside of its range.' },
  SPAN_TOO_LONG: { status: 422, means: 'The span has more days than one answer lists.' },
  SEVERAL_CURRENCIES: { status: 422, means: 'Amounts of several currencies do not add up: name one of them.' },
  CURRENCY_REQUIRED: { status: 422, means: 'Money is compared in one currency: name it.' },

  // Uses of promo codes
  PROMO_CODE_NOT_USABLE: {
    status: 422,
    means: 'The promo code cannot be used here. Its holders are told why, and nobody else whether it exists.',
  },
  PROMO_CODE_UNKNOWN: { status: 422, means: 'There is no such promo code.' },
  PROMO_CODE_NOT_ACTIVE: { status: 422, means: 'The promo code is not active.' },
  PROMO_CODE_NOT_STARTED: { status: 422, means: 'The promo code does not work yet; `valid_from` says when.' },
  PROMO_CODE_EXPIRED: { status: 422, means: 'The time of the promo code is over.' },
  PROMO_CODE_OUTSIDE_HOURS: {
    status: 422,
    means: 'The promo code does not work at this hour; `next_opens_at` says when it will.',
  },
  PROMO_CODE_WRONG_KIND: { status: 422, means: 'A discount where a bonus was asked for, or the other way round.' },
  PROMO_CODE_WRONG_OFFER: { status: 422, means: 'The promo code is not for this offer.' },
  PROMO_CODE_WRONG_AUDIENCE: { status: 422, means: 'The promo code is for other persons.' },
  PROMO_CODE_WRONG_CURRENCY: { status: 422, means: 'The promo code is for another currency.' },
  PROMO_CODE_BELOW_MINIMUM: { status: 422, means: 'The amount is below the minimum of the promo code.' },
  PROMO_CODE_NOT_COMBINABLE: {
    status: 422,
    means: 'The promo code does not go together with the others, or they leave nothing for it.',
  },
  PROMO_CODE_USED_UP: { status: 409, means: 'All uses of the promo code are taken.' },
  PROMO_CODE_PERSON_LIMIT: { status: 409, means: 'The person has used the promo code as often as one may.' },
  PROMO_CODE_OFFER_LIMIT: { status: 409, means: 'The promo code was used for this offer as often as it may be.' },
  PROMO_CODE_BUDGET_SPENT: { status: 409, means: 'The promo code has not enough left to give.' },
  PROMO_HOLD_ENDED: { status: 409, means: 'What was held for the order was given back.' },

  // Promo codes: making and changing them
  PROMO_CODE_NOT_FOUND: { status: 404, means: 'There is no such promo code, or it is not the caller’s to see.' },
  PROMO_CODE_TAKEN: { status: 409, means: 'There is a promo code with this text, in this or another case.' },
  PROMO_CODE_INVALID: { status: 422, means: 'The terms of the promo code do not go together; `field` says where.' },
  ACTIVE_HOURS_INVALID: { status: 422, means: 'The active hours are not valid; `field` names the member at fault.' },
  PROMO_CODE_CHANGED: { status: 409, means: 'Somebody changed the promo code since the version that was named.' },
  PROMO_CODE_IN_USE: {
    status: 409,
    means: 'The promo code was used already: its kind and its currency stay as they are.',
  },
  PROMO_CODE_LIMIT_BELOW_USES: { status: 409, means: 'More is used or given already than the limit would be.' },
  PROMO_CODE_STATUS_CONFLICT: { status: 409, means: 'This cannot be done with a promo code of this status.' },
  PATTERN_INVALID: { status: 422, means: 'A pattern has at least one # or ?, and not too many.' },
  PATTERN_TOO_SMALL: { status: 422, means: 'The pattern has fewer codes than are asked for.' },
  CODE_BATCH_NOT_FOUND: { status: 404, means: 'There is no such generation or import.' },
  CODE_BATCH_CLOSED: { status: 409, means: 'All rows of this import are in already.' },
  TOO_MANY_CODE_ATTEMPTS: {
    status: 429,
    means: 'Too many promo codes that do not work were tried; `Retry-After` says when to come back.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof kinds;

export const problemKinds: Readonly<Record<string, ProblemKind>> = kinds;

/** The status of each code, for the problem filter. */
export const problemStatuses: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(kinds).map(([code, { status }]) => [code, status]),
);
