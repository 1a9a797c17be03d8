/**
 * What `answer` resolves to, if it does so in time. A server that fell silent still has its connection until
 * heartbeats tell, and nobody should wait for those.
 * @throws Error when it takes longer; what becomes of it then is its owner's affair.
 */
export async function withTimeout<Answer>(ms: number, answer: Promise<Answer>): Promise<Answer> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(() => silence.reject(new Error(`no answer within ${Math.round(ms)} ms`)), ms);
  try {
    return await Promise.race([answer, silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}
