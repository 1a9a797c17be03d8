import { publisherScreens } from '../../../tools/screens/list/publisher.ts';
import { screenTests } from '../support/screen-tests.ts';

screenTests('a screen of publishers', publisherScreens);
