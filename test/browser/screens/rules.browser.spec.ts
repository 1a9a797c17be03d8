import { rulesScreens } from '../../../tools/screens/list/rules.ts';
import { screenTests } from '../support/screen-tests.ts';

screenTests('a screen of rules', rulesScreens);
