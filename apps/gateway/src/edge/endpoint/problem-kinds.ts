/** The HTTP status and the meaning of a problem code. */
export interface ProblemKind {
  readonly status: number;
  readonly meaning: string;
}

/** Every problem code of the API, once. The API documents and the problem filter read it. */
const kinds = {
  // The request itself
  MALFORMED_REQUEST: { status: 400, meaning: 'The body is not JSON, or the address is not well-formed.' },
  INVALID_INPUT: {
    status: 400,
    meaning: 'Members are missing, unknown, of a wrong type or out of range; `errors` names them.',
  },
  REQUEST_MALFORMED: { status: 400, meaning: 'The service refused the request as malformed.' },
  IDEMPOTENCY_KEY_REQUIRED: { status: 400, meaning: 'This request moves money: it must carry an Idempotency-Key.' },
  IDEMPOTENCY_KEY_INVALID: { status: 400, meaning: 'An Idempotency-Key has 1 to 255 visible ASCII characters.' },
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'There is no bearer token, or it is malformed, forged, expired or from another issuer.',
  },
  SIGNATURE_INVALID: {
    status: 401,
    meaning: 'The signature does not match this body, or its timestamp is more than 5 minutes off.',
  },
  FORBIDDEN: { status: 403, meaning: 'The caller’s role does not allow this.' },
  NOT_FOUND: { status: 404, meaning: 'There is no resource at this address.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'The address does not allow this method; `Allow` lists the allowed ones.',
  },
  IDEMPOTENCY_KEY_IN_USE: { status: 409, meaning: 'A request with this Idempotency-Key is still running.' },
  BODY_TOO_LARGE: { status: 413, meaning: 'The body is larger than this endpoint accepts.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, meaning: 'The content type of the body is not the one of this endpoint.' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, meaning: 'This Idempotency-Key was used before with another request.' },
  RATE_LIMITED: { status: 429, meaning: 'Too many requests; `Retry-After` has the time to wait.' },
  TOO_MANY_STREAMS: { status: 429, meaning: 'This caller has reached the limit of open streams.' },
  SERVICE_UNAVAILABLE: {
    status: 503,
    meaning: 'A service or server is unavailable; the same request may be sent again.',
  },

  // Persons
  PERSON_NOT_FOUND: { status: 404, meaning: 'There is no such person, or the caller may not see them.' },
  PERSON_EXISTS: { status: 409, meaning: 'This person is registered already.' },
  USERNAME_TAKEN: { status: 409, meaning: 'Another person has this username.' },
  EMAIL_NOT_VERIFIED: {
    status: 403,
    meaning: 'A member’s e-mail address is the one in their token that its issuer verified.',
  },
  EMAIL_TAKEN: { status: 409, meaning: 'Another person has this e-mail address.' },

  // Rules and parameter types
  PARAMETER_TYPE_EXISTS: { status: 409, meaning: 'A parameter type has this name.' },
  PARAMETER_TYPE_NOT_FOUND: { status: 404, meaning: 'There is no such parameter type.' },
  PARAMETER_TYPE_CHANGED: { status: 409, meaning: 'The parameter type was changed after the given version.' },
  SCHEMA_INVALID: {
    status: 422,
    meaning: 'This is not a JSON Schema, or a check could take too long; `field` names the keyword.',
  },
  RULE_NOT_FOUND: { status: 404, meaning: 'There is no such rule, or no such version of it.' },
  RULE_RETIRED: { status: 409, meaning: 'The rule is retired: no class begins with it, and it gets no version.' },
  METHOD_UNKNOWN: { status: 422, meaning: 'No method has this name.' },
  PARAMETER_TYPE_UNKNOWN: { status: 422, meaning: 'No parameter type has this name.' },
  PARAMETER_TEMPLATE_INVALID: { status: 422, meaning: 'The template does not fit the method.' },
  EXAMPLE_FAILED: { status: 422, meaning: 'Golden examples give other results than expected; see `errors`.' },

  // Webhooks to outside systems
  WEBHOOK_ENDPOINT_NOT_FOUND: { status: 404, meaning: 'There is no such webhook endpoint, or it is archived.' },
  WEBHOOK_ENDPOINT_CHANGED: { status: 409, meaning: 'The webhook endpoint was changed after the given version.' },
  WEBHOOK_ENDPOINT_NOT_ACTIVE: { status: 409, meaning: 'The webhook endpoint is paused or disabled.' },
  WEBHOOK_URL_REFUSED: {
    status: 422,
    meaning: 'Webhooks are delivered to https URLs of public servers, without user, password and fragment.',
  },
  WEBHOOK_EVENT_TYPE_UNKNOWN: { status: 422, meaning: 'There are no webhooks for a type of events.' },
  WEBHOOK_DELIVERY_NOT_FOUND: { status: 404, meaning: 'There is no such delivery, or its time in the log is over.' },
  WEBHOOK_DELIVERY_PENDING: { status: 409, meaning: 'The delivery is tried already, or waits for its next attempt.' },
  WEBHOOK_REPLAY_TOO_LARGE: { status: 409, meaning: 'The time range has more events than one replay may have.' },
  TOO_MANY_WEBHOOK_ENDPOINTS: { status: 409, meaning: 'There are as many webhook endpoints as there may be.' },
  TOO_MANY_WEBHOOK_SECRETS: { status: 409, meaning: 'As many secrets sign for this endpoint as may.' },

  // Classes
  CLASS_NOT_FOUND: { status: 404, meaning: 'There is no such class.' },
  PARAMETER_INVALID: { status: 422, meaning: 'A parameter’s value does not fit its type.' },
  PARAMETER_MISSING: { status: 422, meaning: 'The rule requires a parameter that is not given.' },
  PARAMETER_UNKNOWN: { status: 422, meaning: 'The rule has no such parameter.' },
  TIME_ZONE_UNKNOWN: { status: 422, meaning: 'This is not an IANA time zone name.' },
  CURRENCY_UNKNOWN: { status: 422, meaning: 'This is not a currency of ISO 4217.' },
  DATES_REVERSED: { status: 422, meaning: 'The end is before the start.' },
  DATES_REQUIRED: { status: 422, meaning: 'The rule needs a first or a last day that the class does not have.' },
  CAPACITY_BELOW_SEATS_TAKEN: { status: 409, meaning: 'More seats are taken than the class would have.' },

  // Orders
  ORDER_NOT_FOUND: { status: 404, meaning: 'There is no such order, or the caller may not see it.' },
  ORDER_ALREADY_OPEN: {
    status: 409,
    meaning: 'The person has an open order for this class; see `order_id`, `expires_at`.',
  },
  ALREADY_ENROLLED: { status: 409, meaning: 'The person is in this class already; see `order_id`, `end_date`.' },
  TOO_MANY_OPEN_ORDERS: {
    status: 409,
    meaning: 'The person has as many unpaid orders as are allowed: pay or cancel one first.',
  },
  ORDER_NOT_CANCELLABLE: { status: 409, meaning: 'The order is closed or expired, or it renews a subscription.' },
  SUBSCRIPTION_NOT_FOUND: { status: 404, meaning: 'There is no such subscription, or the caller may not see it.' },
  ORDER_NOT_CONFIRMED: { status: 409, meaning: 'Only a confirmed order can be approved.' },
  CLASS_FULL: { status: 409, meaning: 'All seats are taken.' },
  CLASS_ENDED: { status: 409, meaning: 'The class is over.' },
  REGISTRATION_NOT_OPEN: { status: 409, meaning: 'Registration has not opened yet; see `opens_at`.' },
  REGISTRATION_CLOSED: { status: 409, meaning: 'Registration is over; see `closed_at`.' },
  NO_MEETINGS_LEFT: { status: 409, meaning: 'All meetings of the class are over.' },
  ORDER_NOT_ACCEPTED: { status: 409, meaning: 'The rule of the class accepts no order now.' },
  EXPRESSION_FAILED: { status: 422, meaning: 'An expression of the rule has no result here; see `expression`.' },
  TOO_MANY_SEATS: { status: 422, meaning: 'An order of this class has fewer seats; see `limit`.' },
  AMOUNT_NOT_CHOOSABLE: { status: 422, meaning: 'The class has a price; its amount cannot be chosen.' },
  CHOSEN_AMOUNT_OUT_OF_RANGE: {
    status: 422,
    meaning: 'The chosen amount is too small or too large; see `minimum_minor`, `maximum_minor`.',
  },
  CURRENCY_MISMATCH: { status: 422, meaning: 'The class, the offer or the order is in another currency.' },
  OCCURRED_AT_OUT_OF_RANGE: { status: 422, meaning: 'The conversion happened too long ago, or in the future.' },
  ORDER_OF_ANOTHER_PERSON: { status: 422, meaning: 'The order is not this person’s.' },
  NOTHING_TO_DISCOUNT: { status: 422, meaning: 'The class is free; a promo code cannot lower its price.' },
  PRICE_CHANGED: { status: 409, meaning: 'The order would cost more than was quoted; see `amount_minor`.' },

  // Offers and conversions
  OFFER_NOT_FOUND: {
    status: 404,
    meaning: 'There is no such offer, or it did not exist at the time of the conversion.',
  },
  OFFER_EXISTS: { status: 409, meaning: 'There is, or was, an offer with this id.' },
  OFFER_IS_CLASS: { status: 409, meaning: 'The offer is a class: change the class instead.' },
  CONVERSION_NOT_FOUND: { status: 404, meaning: 'There is no such conversion.' },
  CONVERSION_REUSED: { status: 422, meaning: 'The conversion id was used before, for another conversion.' },
  CONVERSION_ALREADY_REVERSED: { status: 409, meaning: 'The conversion was reversed before, for another reason.' },

  // Payments
  PAYMENT_NOT_FOUND: { status: 404, meaning: 'There is no such payment.' },
  ACCOUNT_NOT_FOUND: { status: 404, meaning: 'The ledger has no such account.' },
  TRANSFER_NOT_FOUND: { status: 404, meaning: 'The ledger has no such transfer.' },
  PAYMENT_ALREADY_MATCHED: { status: 409, meaning: 'The payment is on a person’s account already.' },
  PAYMENT_REFERENCE_REUSED: { status: 409, meaning: 'Another payment has this reference.' },
  NOTIFICATION_NOT_FOUND: { status: 404, meaning: 'No notification with this id is quarantined.' },
  PAYMENT_NOT_BY_HAND: {
    status: 409,
    meaning: 'The payment was made at a provider: it is refunded there, and its amount is the provider’s.',
  },
  PAYMENT_UNMATCHED: { status: 409, meaning: 'The payment is in suspense: assign it instead.' },
  PAYMENT_REFUNDED: { status: 409, meaning: 'Nothing of the payment is left: it went back to the payer.' },
  REFUND_EXCEEDS_PAYMENT: { status: 409, meaning: 'Less than this amount is left of the payment; see `left_minor`.' },
  AMOUNT_UNCHANGED: { status: 409, meaning: 'The payment has this amount already.' },
  AMOUNT_BELOW_REFUNDED: {
    status: 409,
    meaning: 'More than this amount was given back already; see `refunded_minor`.',
  },
  PERSON_UNCHANGED: { status: 409, meaning: 'This person has the payment already.' },
  BALANCE_INSUFFICIENT: {
    status: 409,
    meaning: 'The person has less than this amount available; see `available_minor`.',
  },
  RECEIVED_IN_FUTURE: { status: 422, meaning: 'Money cannot be received in the future.' },
  ORDER_NOT_WAITING: { status: 409, meaning: 'The order does not wait for money.' },
  ORDER_NOT_SHORT: { status: 409, meaning: 'The person has the money for the order.' },
  SHORTFALL_TOO_LARGE: {
    status: 409,
    meaning: 'More is missing than may be written off, or all of it; see `short_minor`.',
  },
  ORDER_NOT_PAYABLE: {
    status: 409,
    meaning: 'The order lacks no payment; see `status`, `waits_for`, `lacks_minor`.',
  },
  CHECKOUT_REFUSED: {
    status: 422,
    meaning: 'The payment provider takes no payment of this amount or currency; see `reason`.',
  },
  CHECKOUT_UNAVAILABLE: {
    status: 503,
    meaning: 'No payment provider is configured here, or it refuses our key: an operator must correct that.',
  },
  PAYEE_MISSING: { status: 422, meaning: 'A payment names a person or an order.' },

  // Analytics of promo codes
  OUT_OF_RANGE: { status: 422, meaning: 'A number of the query is out of its range.' },
  SPAN_TOO_LONG: { status: 422, meaning: 'The date range has more days than one answer lists.' },
  SEVERAL_CURRENCIES: { status: 422, meaning: 'The amounts are in several currencies: give one of them.' },
  CURRENCY_REQUIRED: { status: 422, meaning: 'Amounts are compared in one currency: give it.' },

  // Decisions about promo codes
  RECEIPT_NOT_FOUND: { status: 404, meaning: 'There is no such decision receipt.' },

  // Redemption of promo codes
  PROMO_CODE_NOT_USABLE: {
    status: 422,
    meaning: 'The promo code cannot be used here, or does not exist. Holders of a code get the precise reason.',
  },
  PROMO_CODE_UNKNOWN: { status: 422, meaning: 'There is no such promo code.' },
  PROMO_CODE_NOT_ACTIVE: { status: 422, meaning: 'The promo code is not active.' },
  PROMO_CODE_NOT_STARTED: { status: 422, meaning: 'The promo code is not valid yet; see `valid_from`.' },
  PROMO_CODE_EXPIRED: { status: 422, meaning: 'The promo code has expired.' },
  PROMO_CODE_OUTSIDE_HOURS: {
    status: 422,
    meaning: 'The promo code is outside its active hours; see `next_opens_at`.',
  },
  PROMO_CODE_WRONG_KIND: {
    status: 422,
    meaning: 'The promo code is a bonus where a discount is needed, or the other way round.',
  },
  PROMO_CODE_WRONG_OFFER: { status: 422, meaning: 'The promo code is not for this offer.' },
  PROMO_CODE_WRONG_AUDIENCE: { status: 422, meaning: 'The promo code is for other persons.' },
  PROMO_CODE_WRONG_CURRENCY: { status: 422, meaning: 'The promo code is for another currency.' },
  PROMO_CODE_BELOW_MINIMUM: { status: 422, meaning: 'The amount is below the minimum of the promo code.' },
  PROMO_CODE_NOT_COMBINABLE: {
    status: 422,
    meaning: 'The promo code cannot be combined with the others, or they leave no amount for it.',
  },
  PROMO_CODE_USED_UP: { status: 409, meaning: 'All uses of the promo code are taken.' },
  PROMO_CODE_PERSON_LIMIT: { status: 409, meaning: 'The person has reached the usage limit of the promo code.' },
  PROMO_CODE_NEW_PERSON_LIMIT: { status: 409, meaning: 'The person holds or has used another code for new persons.' },
  PROMO_CODE_OFFER_LIMIT: { status: 409, meaning: 'The promo code has reached its usage limit for this offer.' },
  PROMO_CODE_BUDGET_SPENT: { status: 409, meaning: 'The remaining budget of the promo code is too small.' },
  PROMO_HOLD_ENDED: { status: 409, meaning: 'The hold for the order was released.' },

  // Management of promo codes
  PROMO_CODE_NOT_FOUND: { status: 404, meaning: 'There is no such promo code, or the caller may not see it.' },
  PROMO_CODE_TAKEN: { status: 409, meaning: 'Another promo code has this text, in any case.' },
  PROMO_CODE_INVALID: {
    status: 422,
    meaning: 'The rules of the promo code contradict each other; `field` names the member.',
  },
  ACTIVE_HOURS_INVALID: { status: 422, meaning: 'The active hours are not valid; `field` names the member at fault.' },
  PROMO_CODE_CHANGED: { status: 409, meaning: 'The promo code was changed after the given version.' },
  PROMO_CODE_IN_USE: {
    status: 409,
    meaning: 'The promo code was used already: its kind and currency cannot change.',
  },
  PROMO_CODE_LIMIT_BELOW_USES: { status: 409, meaning: 'The limit would be below the uses or the amount so far.' },
  PROMO_CODE_STATUS_CONFLICT: { status: 409, meaning: 'The status of the promo code does not allow this.' },
  PATTERN_INVALID: { status: 422, meaning: 'A pattern has at least one # or ?, and not too many.' },
  PATTERN_TOO_SMALL: { status: 422, meaning: 'The pattern has fewer codes than requested.' },
  CODE_BATCH_NOT_FOUND: { status: 404, meaning: 'There is no such batch.' },
  CODE_BATCH_CLOSED: { status: 409, meaning: 'This import has received all its rows already.' },
  TOO_MANY_CODE_ATTEMPTS: {
    status: 429,
    meaning: 'Too many failed promo codes; `Retry-After` has the time to wait.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof kinds;

export const problemKinds: Readonly<Record<string, ProblemKind>> = kinds;

/** The status of each code, for the problem filter. */
export const problemStatuses: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(kinds).map(([code, { status }]) => [code, status]),
);
