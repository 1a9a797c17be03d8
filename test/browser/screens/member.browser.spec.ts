import { memberScreens } from '../../../tools/screens/list/member.ts';
import { screenTests } from '../support/screen-tests.ts';

screenTests('a screen of members', memberScreens);
