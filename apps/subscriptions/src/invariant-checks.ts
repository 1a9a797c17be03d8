import type { InvariantCheck } from '#persistence/invariant-checks.js';

/**
 * The invariants of this service (I6 and I7 of test/README.md), checked from the rows. Constraints of the tables guard
 * most of them as well.
 */
export const invariantChecks: readonly InvariantCheck[] = [
  {
    invariant: 'an order has the instants of its state, and no others',
    counted: 'orders',
    violations: `
      select 'order ' || id || ' is ' || state || ' with the instants of another state' as violation from orders
      where not case state
        when 'opened' then confirmed_at is null and closed_at is null and settled_at is null and ended_at is null
        when 'confirmed' then confirmed_at is not null and closed_at is null and settled_at is null and ended_at is null
        when 'closed' then confirmed_at is not null and closed_at is not null and ended_at is null
        when 'cancelled' then closed_at is null and settled_at is null and ended_at is not null
        when 'expired' then confirmed_at is null and closed_at is null and settled_at is null and ended_at is not null
        else false
      end`,
  },
  {
    invariant: 'an order was confirmed by a reservation exactly when it costs something',
    counted: 'orders',
    violations: `
      select 'order ' || id || ' of ' || amount_minor || ' ' || currency || ' has the reservation ' ||
        coalesce(transfer_id::text, 'none') as violation
      from orders
      where (confirmed_at is not null and amount_minor > 0) <> (transfer_id is not null)`,
  },
  {
    invariant: 'a reservation confirmed one order',
    counted: 'orders',
    violations: `
      select 'reservation ' || transfer_id || ' confirmed ' || count(*) || ' orders' as violation
      from orders where transfer_id is not null group by transfer_id having count(*) > 1`,
  },
  {
    invariant: 'each closed order that enrols has one enrolment with the same person, class and days',
    counted: 'orders',
    violations: `
      select 'order ' || orders.id || ' is closed; its enrolment ' ||
        case when count(enrolments.id) = 0 then 'is missing' else 'differs, or exists twice' end as violation
      from orders left join enrolments on enrolments.order_id = orders.id
      where orders.state = 'closed' and orders.enrols
      group by orders.id
      having count(enrolments.id) <> 1 or bool_or(
        (enrolments.person_id, enrolments.class_id, enrolments.start_date, enrolments.enrolled_at)
          is distinct from (orders.person_id, orders.class_id, orders.start_date, orders.closed_at)
        or enrolments.end_date is distinct from orders.end_date)`,
  },
  {
    invariant: 'each enrolment belongs to a closed order',
    counted: 'enrolments',
    violations: `
      select 'enrolment ' || enrolments.id || ' belongs to order ' || order_id || ', which ' ||
        coalesce('is ' || state, 'does not exist') as violation
      from enrolments left join orders on orders.id = order_id
      where state is distinct from 'closed' or not enrols`,
  },
  {
    invariant: 'the seats taken of a class are those that its open first orders and its subscriptions hold',
    counted: 'classes',
    violations: `
      select 'class ' || classes.id || ' counts ' || seats_taken || ' seats; orders and subscriptions hold ' ||
        coalesce(held, 0) as violation
      from classes left join (
        select class_id, count(*) as held from (
          select class_id from orders where state in ('opened', 'confirmed') and period = 0
          union all
          select class_id from subscriptions where state <> 'ended'
        ) as holders group by class_id
      ) holding on class_id = classes.id
      where seats_taken <> coalesce(held, 0)`,
  },
  {
    invariant: 'no class has more orders and subscriptions with a seat than seats',
    counted: 'classes',
    violations: `
      select 'class ' || classes.id || ' has ' || capacity || ' seats; orders and subscriptions hold ' || count(*)
        as violation
      from classes join (
        select class_id from orders where state in ('opened', 'confirmed') and period = 0
        union all
        select class_id from subscriptions where state <> 'ended'
      ) as holders on class_id = classes.id
      group by classes.id having count(*) > capacity`,
  },
  {
    invariant: 'a person has one open first order of a class at a time',
    counted: 'orders',
    violations: `
      select 'person ' || person_id || ' has ' || count(*) || ' open orders of class ' || class_id as violation
      from orders where state in ('opened', 'confirmed') and period = 0
      group by person_id, class_id having count(*) > 1`,
  },
  {
    invariant: 'a person is in a class once on each day, unless the class allows more',
    counted: 'enrolments',
    violations: `
      select 'person ' || one.person_id || ' is in class ' || one.class_id || ' on the same days by the orders ' ||
        one.order_id || ' and ' || other.order_id as violation
      from enrolments one
      join enrolments other on other.person_id = one.person_id and other.class_id = one.class_id
        and other.order_id > one.order_id
        and (one.left_on is null or one.left_on > one.start_date)
        and (other.left_on is null or other.left_on > other.start_date)
        and daterange(other.start_date, least(other.end_date, other.left_on - 1), '[]')
          && daterange(one.start_date, least(one.end_date, one.left_on - 1), '[]')
      join orders first on first.id = one.order_id
      join orders second on second.id = other.order_id
      where case
        when first.opened_at > second.opened_at then first.repeat_enrolment
        when first.opened_at < second.opened_at then second.repeat_enrolment
        else least(first.repeat_enrolment, second.repeat_enrolment)
      end = 'refused'`,
  },
  {
    invariant: 'an order that replaces another has its terms, and a late payment of it',
    counted: 'late_payments',
    violations: `
      select 'order ' || orders.id || ' replaces order ' || orders.replaces_order_id || ', which ' || case
          when expired.id is null then 'does not exist'
          when expired.state <> 'expired' then 'is ' || expired.state
          when late.payment_id is null then 'no late payment reopened'
          else 'has other terms' end as violation
      from orders
      left join orders expired on expired.id = orders.replaces_order_id
      left join late_payments late on late.replacement_order_id = orders.id and late.order_id = expired.id
      where orders.replaces_order_id is not null and (late.payment_id is null or expired.state <> 'expired'
        or (orders.person_id, orders.class_id, orders.amount_minor, orders.currency, orders.start_date, orders.rule_id,
            orders.rule_version, orders.parameters)
          is distinct from (expired.person_id, expired.class_id, expired.amount_minor, expired.currency,
            expired.start_date, expired.rule_id, expired.rule_version, expired.parameters))
      union all
      select 'late payment ' || payment_id || ' reopened order ' || replacement_order_id || ', which does not exist'
      from late_payments where outcome = 'reopened'
        and not exists (select from orders where orders.id = replacement_order_id and replaces_order_id = order_id)`,
  },
  {
    invariant: 'each closed first order began one subscription of its person and class',
    counted: 'orders',
    violations: `
      select 'order ' || orders.id || ' is closed, and its subscription ' ||
        case when subscriptions.id is null then 'is missing' else 'differs' end as violation
      from orders left join subscriptions on subscriptions.id = orders.id
      where orders.state = 'closed' and orders.period = 0 and (subscriptions.id is null
        or (subscriptions.person_id, subscriptions.class_id, subscriptions.started_at)
          is distinct from (orders.person_id, orders.class_id, orders.closed_at))
      union all
      select 'subscription ' || subscriptions.id || ' has no closed first order'
      from subscriptions left join orders on orders.id = subscriptions.id
      where orders.state is distinct from 'closed' or orders.period <> 0`,
  },
  {
    invariant: 'each period that was due has one order, in order and without gaps',
    counted: 'subscriptions',
    violations: `
      select 'subscription ' || subscriptions.id || ' has orders of ' || count(orders.id) || ' later periods up to ' ||
        coalesce(max(orders.period), 0) || '; its next period is ' || coalesce(next_period::text, 'none') as violation
      from subscriptions left join orders on subscription_id = subscriptions.id and period > 0
      group by subscriptions.id
      having count(orders.id) <> coalesce(max(orders.period), 0)
        or next_period <> coalesce(max(orders.period), 0) + 1
        or bool_or(orders.id is not null and (orders.person_id, orders.class_id)
          is distinct from (subscriptions.person_id, subscriptions.class_id))`,
  },
  {
    invariant: 'the paid periods of a subscription follow each other day by day',
    counted: 'orders',
    violations: `
      select 'period ' || period || ' of subscription ' || subscription_id || ' starts on ' || start_date ||
        ', and the period before it ends on ' || coalesce(ends::text, 'no day') as violation
      from (
        select subscription_id, period, start_date, lag(end_date) over periods as ends, lag(period) over periods as before
        from orders where enrols and state = 'closed'
        window periods as (partition by subscription_id order by period)
      ) as periods
      where before is not null and (ends is null or start_date <= ends or (before = period - 1 and start_date <> ends + 1))`,
  },
  {
    invariant: 'a subscription is suspended while a period is unpaid, and nothing of an ended one is open',
    counted: 'subscriptions',
    violations: `
      select 'subscription ' || subscriptions.id || ' is ' || subscriptions.state || ' with ' || count(orders.id) ||
        ' open orders' as violation
      from subscriptions left join orders on subscription_id = subscriptions.id and orders.state = 'opened' and period > 0
      where subscriptions.state <> 'active'
      group by subscriptions.id
      having (subscriptions.state = 'suspended') <> (count(orders.id) > 0)`,
  },
  {
    invariant: 'orders and enrolments name persons and classes that exist',
    counted: 'orders',
    violations: `
      select 'order ' || orders.id || ' names ' ||
        case when persons.id is null then 'the person ' || person_id else 'the class ' || class_id end ||
        ', which does not exist' as violation
      from orders
      left join persons on persons.id = person_id left join classes on classes.id = class_id
      where persons.id is null or classes.id is null`,
  },
];
