export { FindMoneyScreen } from './find-money-screen.tsx';
export { HandPaymentsScreen } from './hand-payments-screen.tsx';
export { MissingRefundsScreen } from './missing-refunds-screen.tsx';
export { PaymentScreen } from './payment-screen.tsx';
export { QuarantinedScreen } from './quarantined-screen.tsx';
export { SuspenseScreen } from './suspense-screen.tsx';
export { WaitingRefundsScreen } from './waiting-refunds-screen.tsx';
