/** The few icons of the console, as strokes of 24 units. They are decoration: a text stands beside each. */
const shapes = {
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 4 4',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'm6 6 12 12M18 6 6 18',
  menu: 'M4 7h16M4 12h16M4 17h16',
  alert: 'M12 4 2.5 20h19L12 4Zm0 6v4m0 3v.01',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 8v5m0-8v.01',
  away: 'M5 12.5a10 10 0 0 1 14 0M8.5 16a5 5 0 0 1 7 0M12 19.5v.01M3 3l18 18',
  empty: 'M4 13h5l1.5 3h3L15 13h5M4 13 6.5 5h11L20 13v6H4v-6Z',
  filter: 'M4 6h16l-6 7v5l-4 2v-7L4 6Z',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  request: 'm8 7-5 5 5 5m8-10 5 5-5 5M14 4l-4 16',
  calendar: 'M5 6h14v14H5zM5 10h14M9 3v4m6-4v4',
  back: 'm14 6-6 6 6 6',
  forward: 'm10 6 6 6-6 6',
  down: 'm6 9 6 6 6-6',
  arrow: 'M5 12h14m-6-6 6 6-6 6',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}
