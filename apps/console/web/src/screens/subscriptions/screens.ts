export { AdminSubscriptionsScreen } from './admin-subscriptions-screen.tsx';
export { SubscriptionScreen } from './subscription-screen.tsx';
export { SubscriptionsScreen } from './subscriptions-screen.tsx';
