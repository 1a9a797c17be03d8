/** Names that browsers leave out or know only under an older name. */
const added = [
  'UTC',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Yangon',
  'Asia/Ho_Chi_Minh',
  'Europe/Kyiv',
  'America/Nuuk',
];
const shownMax = 50;

/** Every zone of this browser, with the current names beside the older ones. */
export function allZones(): readonly string[] {
  return [...new Set([...added, ...Intl.supportedValuesOf('timeZone')])].sort();
}

/** The zones whose name has what was typed, at most fifty; the chosen one first. */
export function matchingZones(typed: string, chosen: string): readonly string[] {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_]/g, '');
  const wanted = plain(typed);
  const matching = allZones().filter((zone) => zone !== chosen && plain(zone).includes(wanted));
  return [...(plain(chosen).includes(wanted) ? [chosen] : []), ...matching].slice(0, shownMax);
}
