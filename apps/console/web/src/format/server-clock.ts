let offsetMs = 0;

/** Takes over the server's clock from the Date header of an answer, which is exact to a second. */
export function noteServerTime(date: string | null): void {
  const at = date ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(at)) return;
  const offset = at - Date.now();
  // Within the precision of the header both clocks agree.
  offsetMs = Math.abs(offset) < 2_000 ? 0 : offset;
}

/** The instant now by the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
