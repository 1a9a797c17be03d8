import { promotionsScreens } from '../../../tools/screens/list/promotions.ts';
import { screenTests } from '../support/screen-tests.ts';

screenTests('a screen of promotions', promotionsScreens);
