/** The ids that several examples share. */

export const personId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0001';
export const ruleId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0002';
export const classId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0003';
export const orderId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0004';
export const paymentId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0005';
export const transferId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0006';
export const codeId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0008';
export const codeBatchId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a000a';
