/** `2 days 4 h`, `3 h 05 min`, `4 min`, and below two minutes `1 min 20 s`, in the notation of a locale. */
export function formatDuration(ms: number, locale: string, { seconds = true } = {}): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [days, hours, minutes] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
  ];
  const part = (value: number, unit: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
  if (days > 0) return [part(days, 'day'), ...(hours > 0 ? [part(hours, 'hour')] : [])].join(' ');
  if (hours > 0) return [part(hours, 'hour'), ...(minutes > 0 ? [part(minutes, 'minute')] : [])].join(' ');
  if (!seconds || total >= 120) return part(minutes, 'minute');
  return [...(minutes > 0 ? [part(minutes, 'minute')] : []), part(total % 60, 'second')].join(' ');
}
