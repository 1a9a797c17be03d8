import { moneyScreens } from '../../../tools/screens/list/money.ts';
import { screenTests } from '../support/screen-tests.ts';

screenTests('a screen of persons, orders and money', moneyScreens);
