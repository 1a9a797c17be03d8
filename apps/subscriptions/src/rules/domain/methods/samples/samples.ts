import { earlyBirdSample } from './early-bird-sample.js';
import { earlyBirdExpressionSample, loyaltyExpressionSample, proratedExpressionSample } from './expression-samples.js';
import { groupSample } from './group-sample.js';
import { installmentsSample } from './installments-sample.js';
import { freeSample, payWhatYouWantSample, singlePaymentSample } from './plain-samples.js';
import { proratedSample } from './prorated-sample.js';
import { recurringSample } from './recurring-sample.js';
import type { Sample } from './sample.js';

/** Rules to begin with: one of each method at least. */
export const samples: readonly Sample[] = [
  freeSample,
  singlePaymentSample,
  earlyBirdSample,
  proratedSample,
  installmentsSample,
  recurringSample,
  groupSample,
  payWhatYouWantSample,
  earlyBirdExpressionSample,
  proratedExpressionSample,
  loyaltyExpressionSample,
];
