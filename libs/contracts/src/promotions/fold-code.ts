/**
 * The canonical form of a promo code: case, character width and surrounding spaces do not matter. Two codes are the
 * same exactly when their canonical forms are equal.
 */
export function foldCode(written: string): string {
  return written.normalize('NFKC').trim().toUpperCase().normalize('NFKC');
}
