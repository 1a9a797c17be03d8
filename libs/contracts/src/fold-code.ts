/**
 * What a code is known by, however somebody writes it: neither case, nor width, nor spaces around it matter. The one
 * place that decides whether two codes are the same.
 */
export function foldCode(written: string): string {
  return written.normalize('NFKC').trim().toUpperCase().normalize('NFKC');
}
