/** Passwords and secrets of examples, of quick starts, and of servers as they are delivered. */
const wordsOfExamples: ReadonlySet<string> = new Set([
  'change-me',
  'changeme',
  'example',
  'guest',
  'pass',
  'password',
  'secret',
]);

/** Names that are reserved for documentation (RFC 2606 §2 and §3). */
const hostOfExamples = /(^|\.)example(\.(com|net|org))?$/i;

/**
 * Whether a setting is, or contains, a value that somebody has copied from an example: a secret that calls itself one,
 * perhaps in base64, a password that everybody tries first or that is the user's name, or an address that is reserved
 * for documentation. Several values are separated by commas.
 */
export function isExampleValue(setting: string): boolean {
  return setting.split(',').some((value) => isExampleSecret(value.trim()) || isExampleUrl(value.trim()));
}

function isExampleSecret(value: string): boolean {
  const secret = value.replace(/^([a-z0-9-]+=)?whsec_/, '');
  if (wordsOfExamples.has(secret.toLowerCase())) return true;
  const isSpelled = secret !== value && /example/i.test(secret);
  return isSpelled || /example/i.test(Buffer.from(secret, 'base64').toString('latin1'));
}

function isExampleUrl(value: string): boolean {
  const url = URL.parse(value.replace(/^\w+=(?=\w+:)/, ''));
  if (!url) return false;
  if (hostOfExamples.test(url.hostname)) return true;
  return url.password !== '' && (url.password === url.username || wordsOfExamples.has(url.password.toLowerCase()));
}
