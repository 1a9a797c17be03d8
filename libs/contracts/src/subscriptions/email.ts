import { z } from 'zod';
import { isOneLine } from '../texts.js';

/** RFC 5321 §4.5.3.1: octets of the local part, and of the whole address with its domain in ASCII. */
const octetsMax = { local: 64, address: 254 };

/** RFC 5322 §3.2.3 with RFC 6531 §3.3: atoms with dots between them, of ASCII or any other letters and signs. */
const localPart =
  /^(?:[\w!#$%&'*+/=?^`{|}~-]|(?![\p{Z}\p{C}])[^\0-\x7f])+(?:\.(?:[\w!#$%&'*+/=?^`{|}~-]|(?![\p{Z}\p{C}])[^\0-\x7f])+)*$/u;
/** At least two labels in ASCII, and a top-level domain that is no number: RFC 1123 §2.1, RFC 5890 §2.3.2.1. */
const asciiDomain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/;

/** Whether this is an e-mail address, with any letters before and behind the @ (RFC 6531). */
export function isEmail(address: string): boolean {
  const { local, domain } = partsOf(address);
  if (!localPart.test(local) || /[\p{Z}\p{C}]/u.test(domain) || !isOneLine(address)) return false;
  const ascii = asciiOf(domain);
  if (!asciiDomain.test(ascii)) return false;
  const localOctets = Buffer.byteLength(local);
  return localOctets <= octetsMax.local && localOctets + 1 + ascii.length <= octetsMax.address;
}

/**
 * What two spellings of one address have in common: the case does not matter, and the domain is in ASCII, so
 * `Mia@Müller.example` is `mia@xn--mller-kva.example`. The beginning of an address has the beginning of its key,
 * except within a domain that is not ASCII.
 */
export function emailKey(address: string): string {
  const { local, domain } = partsOf(address.normalize('NFC'));
  if (domain === '') return address.normalize('NFC').toLowerCase();
  // The beginning of an ASCII domain may be a number, which a URL would read as the address of a machine.
  const ascii = /[^\0-\x7f]/.test(domain) ? asciiOf(domain) : '';
  return `${local.toLowerCase()}@${ascii || domain.toLowerCase()}`;
}

/** An e-mail address, trimmed. It is stored as written. */
export const emailAddress = z
  .string()
  .trim()
  .normalize('NFC')
  .check(z.stringFormat('idn-email', isEmail, { error: 'This is not an e-mail address.' }))
  .describe('An e-mail address, also with letters beyond ASCII (RFC 6531).');

function partsOf(address: string): { local: string; domain: string } {
  const at = address.lastIndexOf('@');
  return at < 0 ? { local: address, domain: '' } : { local: address.slice(0, at), domain: address.slice(at + 1) };
}

/** The domain as a URL has it: in lower case and ASCII (UTS 46). Empty when no URL can have it. */
function asciiOf(domain: string): string {
  const url = `http://${domain}`;
  return !/[\s\p{C}/\\?#@:%[\]]/u.test(domain) && URL.canParse(url) ? new URL(url).hostname : '';
}
