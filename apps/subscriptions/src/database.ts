import { messagingAppendOnly, messagingEntities } from '#messaging/messaging.entities.js';
import type { Database } from '#persistence/database.js';
import { ClassEntity } from './classes/class.entity.js';
import { EnrolmentEntity } from './enrolments/enrolment.entity.js';
import { Baseline } from './migrations/baseline.migration.js';
import { LatePaymentEntity } from './orders/late-payments/late-payment.entity.js';
import { OrderDraftEntity } from './orders/opening/order-draft.entity.js';
import { OrderEntity } from './orders/order.entity.js';
import { ParameterTypeEntity } from './parameter-types/parameter-type.entity.js';
import { PersonEntity } from './persons/person.entity.js';
import { RuleRetirementEntity } from './rules/rule-retirement.entity.js';
import { RuleVersionEntity } from './rules/rule-version.entity.js';
import { SubscriptionEntity } from './subscriptions/subscription.entity.js';

/** The database of the service. Its entities describe every table. */
export function subscriptionsDatabase(url: string): Database {
  return {
    url,
    entities: [
      PersonEntity,
      ParameterTypeEntity,
      RuleVersionEntity,
      RuleRetirementEntity,
      ClassEntity,
      OrderEntity,
      OrderDraftEntity,
      LatePaymentEntity,
      EnrolmentEntity,
      SubscriptionEntity,
      ...messagingEntities,
    ],
    migrations: [{ name: '0001-baseline', class: Baseline }],
    appendOnly: { ...messagingAppendOnly, rule_versions: [] },
  };
}
