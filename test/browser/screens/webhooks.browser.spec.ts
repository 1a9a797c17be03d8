import { webhooksScreens } from '../../../tools/screens/list/webhooks.ts';
import { screenTests } from '../support/screen-tests.ts';

screenTests('a screen of webhooks', webhooksScreens);
