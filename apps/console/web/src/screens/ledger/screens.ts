export { AccountsScreen } from './accounts-screen.tsx';
export { LedgerAccountScreen } from './ledger-account-screen.tsx';
export { OrderMoneyScreen } from './order-money-screen.tsx';
export { TransferScreen } from './transfer-screen.tsx';
export { TrialBalanceScreen } from './trial-balance-screen.tsx';
