export { FindMoneyScreen } from './find-money-screen.tsx';
export { HandPaymentsScreen } from './hand-payments-screen.tsx';
export { PaymentScreen } from './payment-screen.tsx';
export { MissingRefundsScreen } from './review/missing-refunds-screen.tsx';
export { QuarantinedScreen } from './review/quarantined-screen.tsx';
export { SuspenseScreen } from './review/suspense-screen.tsx';
export { WaitingRefundsScreen } from './review/waiting-refunds-screen.tsx';
